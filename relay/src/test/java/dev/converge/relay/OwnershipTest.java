package dev.converge.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.converge.tunnel.SessionId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

final class OwnershipTest {
  private static final SessionId ID = new SessionId("job");
  private static final Owner OWNER = Owner.of("secret");
  private static final Owner STRANGER = Owner.of("another");

  private final List<Match<String, String>> matches = new ArrayList<>();
  private long now = Long.MAX_VALUE - 5; // overflows within each test, as nanoTime may
  private final Rendezvous<String, String> rendezvous =
      new Rendezvous<>(
          new RendezvousLimits(9, 9, 9, 9, Duration.ofSeconds(30)), () -> now, matches::add);

  private void passSeconds(long seconds) {
    now += Duration.ofSeconds(seconds).toNanos();
  }

  private void assertTaken(Owner stranger) {
    assertThatThrownBy(() -> rendezvous.offer(ID, stranger, "stranger"))
        .isInstanceOfSatisfying(
            RefusedException.class, e -> assertThat(e.refusal()).isEqualTo(Refusal.ID_TAKEN));
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"another", "", "SECRET", "secret "})
  void idIsTakenForEveryOtherKey(String key) throws Exception {
    rendezvous.offer(ID, OWNER, "s");
    assertTaken(Owner.of(key));
    rendezvous.offer(ID, Owner.of("secret"), "s2");
    assertThat(rendezvous.waitingSlots()).isEqualTo(2);
  }

  @Test
  void idOfAnAgentWithoutAKeyIsTakenForOneWithAKey() throws Exception {
    rendezvous.offer(ID, Owner.of(null), "s");
    assertTaken(OWNER);
    rendezvous.offer(ID, Owner.of(null), "s2");
  }

  @Test
  void ownerShowsNoKey() {
    assertThat(OWNER.toString()).doesNotContain("secret");
  }

  @Test
  void idStaysTheOwnersFor30SecondsBehindTheLastSlot() throws Exception {
    rendezvous.offer(ID, OWNER, "s");
    passSeconds(1000);
    rendezvous.withdrawSlot(ID, "s");
    passSeconds(29);
    assertTaken(STRANGER);
    passSeconds(1);
    rendezvous.offer(ID, STRANGER, "stranger");
  }

  @Test
  void idStaysTheOwnersFor30SecondsBehindTheLastBridge() throws Exception {
    rendezvous.offer(ID, OWNER, "s");
    rendezvous.await(ID, "c");
    passSeconds(1000);
    assertTaken(STRANGER);
    matches.get(0).ended();
    passSeconds(29);
    assertTaken(STRANGER);
    passSeconds(1);
    rendezvous.offer(ID, STRANGER, "stranger");
  }

  @Test
  void termIsNotExtendedByClientsWhoComeAndGo() throws Exception {
    rendezvous.offer(ID, OWNER, "s");
    rendezvous.withdrawSlot(ID, "s");
    for (int i = 0; i < 29; i++) {
      passSeconds(1);
      rendezvous.await(ID, "c" + i);
      rendezvous.withdrawClient(ID, "c" + i);
    }
    assertTaken(STRANGER);
    passSeconds(1);
    rendezvous.offer(ID, STRANGER, "stranger");
  }

  @Test
  void termIsNotExtendedByStrangersWhoAreRefused() throws Exception {
    rendezvous.offer(ID, OWNER, "s");
    rendezvous.withdrawSlot(ID, "s");
    passSeconds(29);
    assertTaken(STRANGER);
    passSeconds(1);
    rendezvous.offer(ID, STRANGER, "stranger");
  }

  @Test
  void ownerWhoComesBackStartsANewTerm() throws Exception {
    rendezvous.offer(ID, OWNER, "s");
    rendezvous.withdrawSlot(ID, "s");
    passSeconds(29);
    rendezvous.offer(ID, OWNER, "s");
    rendezvous.withdrawSlot(ID, "s");
    passSeconds(29);
    assertTaken(STRANGER);
    passSeconds(1);
    rendezvous.offer(ID, STRANGER, "stranger");
  }

  @Test
  void clientWhoWaitsWhileTheTermEndsMeetsTheNextOwner() throws Exception {
    rendezvous.offer(ID, OWNER, "s");
    rendezvous.withdrawSlot(ID, "s");
    rendezvous.await(ID, "c");
    passSeconds(30);
    rendezvous.offer(ID, STRANGER, "stranger");
    assertThat(matches).extracting(Match::client).containsExactly("c");
  }

  @Test
  void idIsForgottenBehindTheTerm() throws Exception {
    for (int i = 0; i < 1000; i++) {
      SessionId id = new SessionId("job" + i);
      rendezvous.offer(id, OWNER, "s");
      rendezvous.withdrawSlot(id, "s");
    }
    assertThat(rendezvous.ids()).isEqualTo(1000);
    passSeconds(30);
    assertThat(rendezvous.ids()).isZero();
  }

  @Test
  void idThatOnlyClientsAskedForIsForgottenAtOnce() throws Exception {
    rendezvous.await(ID, "c");
    rendezvous.withdrawClient(ID, "c");
    assertThat(rendezvous.ids()).isZero();
  }

  @Test
  void clientWhoOutlivesTheTermIsForgottenWhenItLeaves() throws Exception {
    rendezvous.offer(ID, OWNER, "s");
    rendezvous.withdrawSlot(ID, "s");
    rendezvous.await(ID, "c");
    passSeconds(30);
    assertThat(rendezvous.ids()).isEqualTo(1);
    rendezvous.withdrawClient(ID, "c");
    assertThat(rendezvous.ids()).isZero();
  }
}
