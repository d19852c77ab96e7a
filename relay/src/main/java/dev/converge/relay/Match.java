package dev.converge.relay;

import dev.converge.tunnel.SessionId;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A slot and a client that found each other. The ID stays its owner's until the match is ended, by
 * exactly one of its methods; later calls do nothing.
 */
final class Match<S, C> {
  private final Rendezvous<S, C> rendezvous;
  private final SessionId id;
  private final Meeting<S, C> meeting;
  private final S slot;
  private final C client;
  private final AtomicBoolean over = new AtomicBoolean();

  Match(Rendezvous<S, C> rendezvous, SessionId id, Meeting<S, C> meeting, S slot, C client) {
    this.rendezvous = rendezvous;
    this.id = id;
    this.meeting = meeting;
    this.slot = slot;
    this.client = client;
  }

  SessionId id() {
    return id;
  }

  S slot() {
    return slot;
  }

  C client() {
    return client;
  }

  Meeting<S, C> meeting() {
    return meeting;
  }

  /** Both came together and have parted now. */
  void ended() {
    try {
      if (over.compareAndSet(false, true)) {
        rendezvous.end(this, null, null);
      }
    } catch (RefusedException e) {
      throw new IllegalStateException("nothing was admitted", e);
    }
  }

  /** The client had left: its slot waits again, before all others. */
  void clientGone() throws RefusedException {
    if (over.compareAndSet(false, true)) {
      rendezvous.end(this, slot, null);
    }
  }

  /** The slot was dead: its client waits again, before all others. */
  void slotGone() throws RefusedException {
    if (over.compareAndSet(false, true)) {
      rendezvous.end(this, null, client);
    }
  }
}
