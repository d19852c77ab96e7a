package dev.converge.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;

/** A relay at a free loopback port, with limits that suit a test. */
final class RelayFixture implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(10);

  /** Room for every test, and no deadline that a test would run into. */
  static final RelayLimits LIMITS =
      new RelayLimits(
          1000,
          8192,
          1 << 20,
          Duration.ofSeconds(10),
          Duration.ofSeconds(5),
          Duration.ofSeconds(20));

  static final RendezvousLimits WAITING =
      new RendezvousLimits(8, 500, 64, 500, Duration.ofMillis(10));

  private final Relay relay;

  RelayFixture() throws IOException {
    this(LIMITS, WAITING);
  }

  RelayFixture(RelayLimits limits) throws IOException {
    this(limits, WAITING);
  }

  RelayFixture(RelayLimits limits, RendezvousLimits waiting) throws IOException {
    var loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    relay = new Relay(new RelayConfig(loopback, false, limits, waiting));
  }

  static RelayLimits handshake(Duration handshake) {
    return new RelayLimits(1000, 8192, 1 << 20, handshake, LIMITS.close(), LIMITS.ping());
  }

  static RelayLimits close(Duration close) {
    return new RelayLimits(1000, 8192, 1 << 20, LIMITS.handshake(), close, LIMITS.ping());
  }

  static RelayLimits ping(Duration ping) {
    return new RelayLimits(1000, 8192, 1 << 20, LIMITS.handshake(), LIMITS.close(), ping);
  }

  Relay relay() {
    return relay;
  }

  InetSocketAddress address() {
    return relay.address();
  }

  URI uri(String target) {
    return URI.create("ws://127.0.0.1:" + address().getPort() + target);
  }

  void awaitSlots(int count) {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(5))
        .until(() -> relay.rendezvous().waitingSlots() == count);
  }

  void awaitClients(int count) {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(5))
        .until(() -> relay.rendezvous().waitingClients() == count);
  }

  /** Waits until nobody is connected and nothing is remembered. */
  void awaitEmpty() {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(5))
        .untilAsserted(
            () -> {
              assertThat(relay.connections().size()).isZero();
              assertThat(relay.rendezvous().waitingSlots()).isZero();
              assertThat(relay.rendezvous().waitingClients()).isZero();
              assertThat(relay.rendezvous().ids()).isZero();
            });
  }

  @Override
  public void close() {
    relay.close();
  }
}
