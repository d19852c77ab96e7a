package dev.converge.relay;

import dev.converge.tunnel.SessionId;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** All that concerns one ID; guarded by its {@link Rendezvous}. */
final class Meeting<S, C> {
  final Deque<S> slots = new ArrayDeque<>(1);
  final Deque<C> clients = new ArrayDeque<>(1);

  /** The bridges of this ID, and the matches that may still become one. */
  int bridges;

  /** Whose the ID is; null while it is nobody's. */
  @Nullable Owner owner;

  /** The last term of the owner, if neither slot nor bridge is left. */
  @Nullable Vacancy<S, C> vacancy;

  /** That the last slot or bridge of a meeting ended at {@code since}, in nanoseconds. */
  record Vacancy<S, C>(SessionId id, Meeting<S, C> meeting, long since) {}

  /** Whether neither slot nor bridge is left; clients may wait all the same. */
  boolean isVacant() {
    return slots.isEmpty() && bridges == 0;
  }
}
