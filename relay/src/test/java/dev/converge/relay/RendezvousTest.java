package dev.converge.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.converge.tunnel.SessionId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

final class RendezvousTest {
  private static final SessionId ID = new SessionId("job");
  private static final SessionId OTHER = new SessionId("other");
  private static final Owner OWNER = Owner.of("secret");
  private static final Duration TERM = Duration.ofSeconds(30);

  private final List<Match<String, String>> matches = new ArrayList<>();
  private final Rendezvous<String, String> rendezvous =
      new Rendezvous<>(new RendezvousLimits(2, 3, 2, 3, TERM), () -> 0, matches::add);

  private List<String> pairs() {
    return matches.stream().map(match -> match.slot() + "-" + match.client()).toList();
  }

  private static void refused(Refusal why, ThrowingCallable attempt) {
    assertThatThrownBy(attempt)
        .isInstanceOfSatisfying(
            RefusedException.class, e -> assertThat(e.refusal()).isEqualTo(why));
  }

  @Test
  void waitingClientsAreServedInTheirOrder() throws Exception {
    rendezvous.await(ID, "c1");
    rendezvous.await(ID, "c2");
    rendezvous.offer(ID, OWNER, "s1");
    rendezvous.offer(ID, OWNER, "s2");
    assertThat(pairs()).containsExactly("s1-c1", "s2-c2");
  }

  @Test
  void newestSlotIsTakenFirst() throws Exception {
    rendezvous.offer(ID, OWNER, "s1");
    rendezvous.offer(ID, OWNER, "s2");
    rendezvous.await(ID, "c1");
    rendezvous.await(ID, "c2");
    assertThat(pairs()).containsExactly("s2-c1", "s1-c2");
    assertThat(rendezvous.waitingSlots()).isZero();
    assertThat(rendezvous.waitingClients()).isZero();
  }

  @Test
  void idsDoNotMeet() throws Exception {
    rendezvous.offer(ID, OWNER, "s");
    rendezvous.await(OTHER, "c");
    assertThat(matches).isEmpty();
    assertThat(rendezvous.ids()).isEqualTo(2);
  }

  @Test
  void slotsAreLimitedPerIdAndInAll() throws Exception {
    rendezvous.offer(ID, OWNER, "s1");
    rendezvous.offer(ID, OWNER, "s2");
    refused(Refusal.SLOTS_PER_ID, () -> rendezvous.offer(ID, OWNER, "s3"));
    rendezvous.offer(OTHER, OWNER, "s3");
    refused(Refusal.SLOTS, () -> rendezvous.offer(new SessionId("third"), OWNER, "s4"));
    assertThat(rendezvous.waitingSlots()).isEqualTo(3);
    assertThat(rendezvous.ids()).as("nothing is kept of who was refused").isEqualTo(2);
  }

  @Test
  void clientsAreLimitedPerIdAndInAll() throws Exception {
    rendezvous.await(ID, "c1");
    rendezvous.await(ID, "c2");
    refused(Refusal.CLIENTS_PER_ID, () -> rendezvous.await(ID, "c3"));
    rendezvous.await(OTHER, "c3");
    refused(Refusal.CLIENTS, () -> rendezvous.await(new SessionId("third"), "c4"));
    assertThat(rendezvous.waitingClients()).isEqualTo(3);
    assertThat(rendezvous.ids()).as("nothing is kept of who was refused").isEqualTo(2);
  }

  @Test
  void clientThatDoesNotWaitMeetsASlotOrTakesNoPlace() throws Exception {
    assertThat(rendezvous.meet(ID, "hasty")).isFalse();
    assertThat(rendezvous.waitingClients()).isZero();
    assertThat(rendezvous.ids()).isZero();
    rendezvous.offer(ID, OWNER, "s");
    assertThat(rendezvous.meet(ID, "c")).isTrue();
    assertThat(pairs()).containsExactly("s-c");
  }

  @Test
  void clientThatDoesNotWaitIsRefusedWhereTooManyDo() throws Exception {
    rendezvous.await(ID, "c1");
    rendezvous.await(ID, "c2");
    refused(Refusal.CLIENTS_PER_ID, () -> rendezvous.meet(ID, "c3"));
  }

  @Test
  void whoIsMatchedMakesRoomForTheNext() throws Exception {
    rendezvous.offer(ID, OWNER, "s1");
    rendezvous.offer(ID, OWNER, "s2");
    rendezvous.await(ID, "c1");
    rendezvous.offer(ID, OWNER, "s3");
    assertThat(rendezvous.waitingSlots()).isEqualTo(2);
  }

  @Test
  void whoIsWithdrawnIsNotMatched() throws Exception {
    rendezvous.await(ID, "c1");
    rendezvous.await(ID, "c2");
    assertThat(rendezvous.withdrawClient(ID, "c1")).isTrue();
    assertThat(rendezvous.withdrawClient(ID, "c1")).isFalse();
    rendezvous.offer(ID, OWNER, "s1");
    rendezvous.offer(ID, OWNER, "s2");
    assertThat(rendezvous.withdrawSlot(ID, "s2")).isTrue();
    assertThat(rendezvous.withdrawSlot(ID, "s2")).isFalse();
    assertThat(pairs()).containsExactly("s1-c2");
  }

  @Test
  void whoIsMatchedCannotBeWithdrawn() throws Exception {
    rendezvous.await(ID, "c");
    rendezvous.offer(ID, OWNER, "s");
    assertThat(rendezvous.withdrawClient(ID, "c")).isFalse();
    assertThat(rendezvous.withdrawSlot(ID, "s")).isFalse();
    assertThat(rendezvous.waitingSlots()).isZero();
    assertThat(rendezvous.waitingClients()).isZero();
  }

  @Test
  void clientOfADeadSlotKeepsItsPlaceAtTheHead() throws Exception {
    rendezvous.await(ID, "c1");
    rendezvous.await(ID, "c2");
    rendezvous.offer(ID, OWNER, "dead");
    matches.get(0).slotGone();
    assertThat(rendezvous.waitingClients()).isEqualTo(2);
    rendezvous.offer(ID, OWNER, "s1");
    rendezvous.offer(ID, OWNER, "s2");
    assertThat(pairs()).containsExactly("dead-c1", "s1-c1", "s2-c2");
  }

  @Test
  void slotOfAClientThatLeftIsTheNextToBeTaken() throws Exception {
    rendezvous.offer(ID, OWNER, "s1");
    rendezvous.offer(ID, OWNER, "s2");
    rendezvous.await(ID, "left");
    matches.get(0).clientGone();
    rendezvous.await(ID, "c1");
    rendezvous.await(ID, "c2");
    assertThat(pairs()).containsExactly("s2-left", "s2-c1", "s1-c2");
  }

  @Test
  void clientOfADeadSlotGetsTheNextSlotAtOnce() throws Exception {
    rendezvous.offer(ID, OWNER, "s");
    rendezvous.offer(ID, OWNER, "dead");
    rendezvous.await(ID, "c");
    matches.get(0).slotGone();
    assertThat(pairs()).containsExactly("dead-c", "s-c");
  }

  @Test
  void matchEndsOnce() throws Exception {
    rendezvous.offer(ID, OWNER, "s");
    rendezvous.await(ID, "c");
    Match<String, String> match = matches.get(0);
    match.clientGone();
    match.clientGone();
    match.slotGone();
    match.ended();
    assertThat(rendezvous.waitingSlots()).isEqualTo(1);
    assertThat(rendezvous.waitingClients()).isZero();
  }

  @Test
  void slotThatComesBackIsRefusedWhereThereIsNoRoomLeft() throws Exception {
    rendezvous.offer(ID, OWNER, "s1");
    rendezvous.await(ID, "left");
    rendezvous.offer(ID, OWNER, "s2");
    rendezvous.offer(ID, OWNER, "s3");
    refused(Refusal.SLOTS_PER_ID, () -> matches.get(0).clientGone());
    assertThat(rendezvous.waitingSlots()).isEqualTo(2);
  }
}
