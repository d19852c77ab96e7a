package dev.converge.relay;

import dev.converge.tunnel.SessionId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Who waits for whom: the slots that agents keep waiting, the clients that wait for one, and whose
 * an ID is. Clients are served in their order; the newest slot is taken first, as the agent behind
 * an older one may have lost it without our knowing yet. Safe for use by many threads; each match
 * is handed over outside the lock.
 *
 * @param <S> a waiting slot
 * @param <C> a waiting client
 */
final class Rendezvous<S, C> {
  private final RendezvousLimits limits;
  private final LongSupplier nanoTime;
  private final Consumer<Match<S, C>> pairing;
  private final Map<SessionId, Meeting<S, C>> meetings = new HashMap<>();
  private final Deque<Meeting.Vacancy<S, C>> vacancies = new ArrayDeque<>();
  private int slots;
  private int clients;

  Rendezvous(RendezvousLimits limits, LongSupplier nanoTime, Consumer<Match<S, C>> pairing) {
    this.limits = limits;
    this.nanoTime = nanoTime;
    this.pairing = pairing;
  }

  /**
   * Registers a slot; it may be matched before this returns.
   *
   * @throws RefusedException if the ID belongs to another owner or a limit is reached
   */
  void offer(SessionId id, Owner owner, S slot) throws RefusedException {
    enter(id, meeting -> admitSlot(id, meeting, owner, slot));
  }

  /**
   * Registers a client; it may be matched before this returns.
   *
   * @throws RefusedException if a limit is reached
   */
  void await(SessionId id, C client) throws RefusedException {
    enter(id, meeting -> admitClient(meeting, client, Deque::addLast));
  }

  /**
   * Matches a client that does not wait, if a slot does.
   *
   * @return false if none does
   * @throws RefusedException if a limit is reached
   */
  boolean meet(SessionId id, C client) throws RefusedException {
    return enter(
        id,
        meeting -> {
          checkRoom(meeting);
          if (!meeting.slots.isEmpty()) {
            admitClient(meeting, client, Deque::addLast);
          }
        });
  }

  /** Takes a slot back; false if it was matched (or withdrawn) before. */
  boolean withdrawSlot(SessionId id, S slot) {
    return leave(id, meeting -> meeting.slots.remove(slot) && --slots >= 0);
  }

  /** Takes a client back; false if it was matched (or withdrawn) before. */
  boolean withdrawClient(SessionId id, C client) {
    return leave(id, meeting -> meeting.clients.remove(client) && --clients >= 0);
  }

  /** How many slots wait, over all IDs. */
  synchronized int waitingSlots() {
    return slots;
  }

  /** How many clients wait, over all IDs. */
  synchronized int waitingClients() {
    return clients;
  }

  /** How many IDs are known, those that are only kept for their owner included. */
  synchronized int ids() {
    forgetVacant();
    return meetings.size();
  }

  @FunctionalInterface
  private interface Admission<S, C> {
    void to(Meeting<S, C> meeting) throws RefusedException;
  }

  @FunctionalInterface
  private interface Departure<S, C> {
    boolean from(Meeting<S, C> meeting);
  }

  /** Whether that led to a match. */
  private boolean enter(SessionId id, Admission<S, C> admission) throws RefusedException {
    Match<S, C> match;
    synchronized (this) {
      forgetVacant();
      Meeting<S, C> meeting = meetings.computeIfAbsent(id, key -> new Meeting<>());
      try {
        admission.to(meeting);
        match = match(id, meeting);
      } finally {
        settle(id, meeting);
      }
    }
    if (match != null) {
      pairing.accept(match);
    }
    return match != null;
  }

  private synchronized boolean leave(SessionId id, Departure<S, C> departure) {
    Meeting<S, C> meeting = meetings.get(id);
    if (meeting == null || !departure.from(meeting)) {
      return false;
    }
    settle(id, meeting);
    return true;
  }

  private void admitSlot(SessionId id, Meeting<S, C> meeting, Owner owner, S slot)
      throws RefusedException {
    if (meeting.owner != null && !meeting.owner.equals(owner)) {
      throw new RefusedException(Refusal.ID_TAKEN, "ID " + id + " belongs to another agent");
    }
    if (meeting.slots.size() >= limits.slotsPerId()) {
      throw new RefusedException(
          Refusal.SLOTS_PER_ID, limits.slotsPerId() + " slots wait for ID " + id + " already");
    }
    if (slots >= limits.slots()) {
      throw new RefusedException(Refusal.SLOTS, "too many agents wait at this relay");
    }
    meeting.owner = owner;
    meeting.vacancy = null;
    meeting.slots.addLast(slot);
    slots++;
  }

  private void admitClient(Meeting<S, C> meeting, C client, BiConsumer<Deque<C>, C> place)
      throws RefusedException {
    checkRoom(meeting);
    place.accept(meeting.clients, client);
    clients++;
  }

  private void checkRoom(Meeting<S, C> meeting) throws RefusedException {
    if (meeting.clients.size() >= limits.clientsPerId()) {
      throw new RefusedException(
          Refusal.CLIENTS_PER_ID, limits.clientsPerId() + " clients wait for this ID already");
    }
    if (clients >= limits.clients()) {
      throw new RefusedException(Refusal.CLIENTS, "too many clients wait at this relay");
    }
  }

  private @Nullable Match<S, C> match(SessionId id, Meeting<S, C> meeting) {
    if (meeting.slots.isEmpty() || meeting.clients.isEmpty()) {
      return null;
    }
    slots--;
    clients--;
    meeting.bridges++;
    return new Match<>(
        this, id, meeting, meeting.slots.removeLast(), meeting.clients.removeFirst());
  }

  /** Ends a match; what is put back is the next to be taken. */
  void end(Match<S, C> match, @Nullable S slotAgain, @Nullable C clientAgain)
      throws RefusedException {
    enter(
        match.id(),
        current -> {
          Meeting<S, C> meeting = match.meeting();
          meeting.bridges--;
          if (slotAgain != null) {
            Owner owner = Objects.requireNonNull(meeting.owner);
            admitSlot(match.id(), meeting, owner, slotAgain);
          }
          if (clientAgain != null) {
            admitClient(meeting, clientAgain, Deque::addFirst);
          }
        });
  }

  /** Starts the ownership's last term, once, when a meeting falls vacant; forgets what is over. */
  private void settle(SessionId id, Meeting<S, C> meeting) {
    if (!meeting.isVacant()) {
      return;
    }
    if (meeting.owner != null && meeting.vacancy == null) {
      meeting.vacancy = new Meeting.Vacancy<>(id, meeting, nanoTime.getAsLong());
      vacancies.addLast(meeting.vacancy);
    } else if (meeting.owner == null && meeting.clients.isEmpty()) {
      meetings.remove(id, meeting);
    }
  }

  private void forgetVacant() {
    long deadline = nanoTime.getAsLong() - limits.ownership().toNanos();
    while (!vacancies.isEmpty() && vacancies.getFirst().since() - deadline <= 0) {
      Meeting.Vacancy<S, C> vacancy = vacancies.removeFirst();
      Meeting<S, C> meeting = vacancy.meeting();
      if (vacancy.equals(meeting.vacancy)) {
        meeting.owner = null;
        meeting.vacancy = null;
        settle(vacancy.id(), meeting);
      }
    }
  }
}
