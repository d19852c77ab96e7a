package dev.converge.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;

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

  static final VisitorLimits VISITORS =
      new VisitorLimits(new AddressLimits(1000, 1000, 500, 500, 500), 1000, 500);

  private final Security security;
  private final Relay relay;

  /** What a relay is made of, where a test does not say otherwise. */
  private static final class Setup {
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    Security security = Security.NONE;
    TlsSettings tls;
    boolean trustProxy;
    boolean proxyProtocol;
    RelayLimits limits = LIMITS;
    RendezvousLimits waiting = WAITING;
    VisitorLimits visitors = VISITORS;
    BridgeLimits bridges = BridgeLimits.NONE;
    TokenSecrets tokens = TokenSecrets.NONE;
    Path runtimes;

    RelayConfig config() {
      return new RelayConfig(
          address,
          trustProxy,
          proxyProtocol,
          limits,
          waiting,
          visitors,
          bridges,
          tokens,
          tls,
          runtimes);
    }
  }

  private RelayFixture(Consumer<Setup> changes) throws IOException {
    var setup = new Setup();
    changes.accept(setup);
    security = setup.security;
    relay = new Relay(setup.config());
  }

  RelayFixture() throws IOException {
    this(LIMITS);
  }

  /** A relay in the place of another. */
  static RelayFixture at(InetSocketAddress address) throws IOException {
    return new RelayFixture(setup -> setup.address = address);
  }

  static RelayFixture withRuntimes(Path directory) throws IOException {
    return new RelayFixture(setup -> setup.runtimes = directory);
  }

  RelayFixture(RelayLimits limits) throws IOException {
    this(limits, WAITING);
  }

  RelayFixture(RelayLimits limits, RendezvousLimits waiting) throws IOException {
    this(
        setup -> {
          setup.limits = limits;
          setup.waiting = waiting;
        });
  }

  RelayFixture(VisitorLimits visitors) throws IOException {
    this(setup -> setup.visitors = visitors);
  }

  RelayFixture(BridgeLimits bridges) throws IOException {
    this(setup -> setup.bridges = bridges);
  }

  RelayFixture(TokenSecrets tokens) throws IOException {
    this(setup -> setup.tokens = tokens);
  }

  RelayFixture(Security security) throws IOException {
    this(security, LIMITS);
  }

  RelayFixture(Security security, RelayLimits limits) throws IOException {
    this(
        setup -> {
          setup.security = security;
          setup.tls = security.settings();
          setup.limits = limits;
        });
  }

  RelayFixture(Security security, TlsSettings tls) throws IOException {
    this(
        setup -> {
          setup.security = security;
          setup.tls = tls;
        });
  }

  static RelayFixture with(RelayLimits limits, VisitorLimits visitors) throws IOException {
    return new RelayFixture(
        setup -> {
          setup.limits = limits;
          setup.visitors = visitors;
        });
  }

  /** A relay behind a proxy that says who comes in one way or another. */
  static RelayFixture behindProxy(boolean trust, boolean header, VisitorLimits visitors)
      throws IOException {
    return new RelayFixture(
        setup -> {
          setup.trustProxy = trust;
          setup.proxyProtocol = header;
          setup.visitors = visitors;
        });
  }

  Security security() {
    return security;
  }

  /** A number that the relay counts. */
  long metric(String name) {
    return relay.metrics().read().get(name);
  }

  /** How often the relay refused somebody because of a limit. */
  long refused(Refusal why) {
    return metric("converge_refused_total{reason=\"" + why.label() + "\"}");
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
    return URI.create(security.scheme("ws") + "://127.0.0.1:" + address().getPort() + target);
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
