package dev.converge.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.converge.relay.Visitor.Phase;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

final class VisitorsTest {
  private static final InetAddress ONE = NetUtil.createInetAddressFromIpAddressString("192.0.2.1");
  private static final InetAddress OTHER =
      NetUtil.createInetAddressFromIpAddressString("192.0.2.2");
  private static final long SECOND = 1_000_000_000L;

  private final Metrics metrics = new Metrics();
  private long now;

  /** One address may have 3 connections, 2 a second, 1 slot, 1 client, 1 bridge. */
  private final Visitors visitors = visitors(3, 2, 1000, 2);

  private Visitors visitors(int connections, int perSecond, int allPerSecond, int bridges) {
    var address = new AddressLimits(connections, perSecond, 1, 1, 1);
    return new Visitors(new VisitorLimits(address, allPerSecond, bridges), () -> now, metrics);
  }

  private static void assertRefused(Refusal why, String line, ThrowingCallable attempt) {
    assertThatThrownBy(attempt)
        .isInstanceOfSatisfying(RefusedException.class, e -> assertThat(e.refusal()).isEqualTo(why))
        .hasMessageContaining(line);
  }

  @Test
  void connectionsOfAnAddressAreLimitedUntilOneLeaves() throws Exception {
    visitors.arrive(ONE);
    visitors.arrive(ONE);
    Visitor third = visitors.arrive(ONE);
    assertRefused(
        Refusal.CONNECTIONS_PER_ADDRESS,
        "your address has 3 connections to this relay already",
        () -> visitors.arrive(ONE));
    visitors.arrive(OTHER);
    third.leave();
    third.leave();
    visitors.arrive(ONE);
    assertRefused(Refusal.CONNECTIONS_PER_ADDRESS, "3", () -> visitors.arrive(ONE));
  }

  @Test
  void newConnectionsOfAnAddressAreLimitedToTheirRateBehindABurst() throws Exception {
    for (int i = 0; i < 20; i++) {
      visitors.arrive(ONE).leave();
    }
    assertRefused(
        Refusal.NEW_CONNECTIONS_PER_ADDRESS,
        "your address opens more than 2 connections a second",
        () -> visitors.arrive(ONE));
    visitors.arrive(OTHER);
    now += SECOND;
    visitors.arrive(ONE).leave();
    visitors.arrive(ONE).leave();
    assertRefused(Refusal.NEW_CONNECTIONS_PER_ADDRESS, "2", () -> visitors.arrive(ONE));
  }

  @Test
  void newConnectionsInAllAreLimited() throws Exception {
    Visitors few = visitors(100, 100, 1, 9);
    for (int i = 0; i < 10; i++) {
      few.arrive(address(i));
    }
    assertRefused(
        Refusal.NEW_CONNECTIONS,
        "this relay takes no more than 1 connections a second",
        () -> few.arrive(ONE));
    assertThat(few.addresses()).as("nothing is kept of who was refused").isEqualTo(10);
    now += SECOND;
    few.arrive(ONE);
  }

  @Test
  void addressThatIsRefusedTakesNothingFromTheOthers() throws Exception {
    Visitors some = visitors(1, 100, 1, 9);
    some.arrive(ONE);
    for (int i = 0; i < 100; i++) {
      assertRefused(Refusal.CONNECTIONS_PER_ADDRESS, "1", () -> some.arrive(ONE));
    }
    for (int i = 0; i < 9; i++) {
      some.arrive(address(i));
    }
  }

  @Test
  void slotsAndClientsAndBridgesOfAnAddressAreLimitedEachForItself() throws Exception {
    Visitor first = visitors.arrive(ONE);
    Visitor second = visitors.arrive(ONE);
    Visitor other = visitors.arrive(OTHER);
    first.become(Phase.SLOT);
    assertRefused(
        Refusal.SLOTS_PER_ADDRESS,
        "your address has 1 slots waiting at this relay already",
        () -> second.become(Phase.SLOT));
    other.become(Phase.SLOT);
    second.become(Phase.CLIENT);
    first.rest();
    assertRefused(
        Refusal.CLIENTS_PER_ADDRESS,
        "your address has 1 clients waiting at this relay already",
        () -> first.become(Phase.CLIENT));
    second.become(Phase.BRIDGE);
    first.become(Phase.CLIENT);
    assertRefused(
        Refusal.BRIDGES_PER_ADDRESS,
        "your address has 1 sessions at this relay already",
        () -> first.become(Phase.BRIDGE));
    second.leave();
    first.become(Phase.BRIDGE);
    assertThat(visitors.bridges()).isEqualTo(1);
  }

  @Test
  void bridgesInAllAreLimited() throws Exception {
    List<Visitor> three = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      three.add(visitors.arrive(address(i)));
    }
    three.get(0).become(Phase.BRIDGE);
    three.get(1).become(Phase.BRIDGE);
    assertRefused(
        Refusal.BRIDGES,
        "this relay carries 2 sessions already, its most",
        () -> three.get(2).become(Phase.BRIDGE));
    three.get(0).leave();
    three.get(2).become(Phase.BRIDGE);
    assertThat(visitors.bridges()).isEqualTo(2);
  }

  @Test
  void whoIsGoneCountsAsNothing() throws Exception {
    Visitor gone = visitors.arrive(ONE);
    gone.leave();
    gone.become(Phase.BRIDGE);
    gone.rest();
    assertThat(visitors.bridges()).isZero();
    visitors.arrive(ONE).become(Phase.BRIDGE);
  }

  /** Whoever has many addresses takes no memory with those that are gone. */
  @Test
  void addressIsForgottenSoonAfterItsLastConnection() throws Exception {
    Visitors many = visitors(10, 10, 1_000_000, 9);
    Visitor stays = many.arrive(ONE);
    for (int i = 0; i < 10_000; i++) {
      many.arrive(address(i)).leave();
    }
    assertThat(many.addresses()).isEqualTo(10_001);
    now += Visitors.BURST.toNanos() - 1;
    assertThat(many.addresses()).isEqualTo(10_001);
    now += 1;
    assertThat(many.addresses()).as("the one that is connected").isEqualTo(1);
    stays.leave();
    now += Visitors.BURST.toNanos();
    assertThat(many.addresses()).isZero();
  }

  @Test
  void addressThatComesAndGoesDoesNotKeepTheOthersFromBeingForgotten() throws Exception {
    visitors.arrive(ONE).leave();
    for (int i = 0; i < 20; i++) {
      visitors.arrive(address(i)).leave();
      visitors.arrive(ONE).leave();
      now += SECOND;
    }
    assertThat(visitors.addresses()).as("those of the last ten seconds").isEqualTo(10);
  }

  @Test
  void onlySomeOfThoseWhoAreRefusedAreAnswered() {
    int answered = 0;
    while (answered < 1000 && visitors.mayBeAnswered()) {
      answered++;
    }
    assertThat(answered).isEqualTo(100);
    now += SECOND / 50;
    assertThat(visitors.mayBeAnswered()).isTrue();
    assertThat(visitors.mayBeAnswered()).isFalse();
  }

  private static InetAddress address(int number) {
    return NetUtil.createInetAddressFromIpAddressString(
        "10.1." + number / 256 + "." + number % 256);
  }
}
