package dev.converge.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.converge.e2e.Transfer.Cargo;
import dev.converge.e2e.Transfer.Direction;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What happens to a connection in a moment, and what its session notices: nothing. */
@Order(2)
final class ResumeIT {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final long MIDDLE = 60_000_000;

  @TempDir static Path temp;
  private static FaultyStage stage;
  private static Cargo cargo;

  @BeforeAll
  static void open() throws IOException {
    cargo = Cargo.in(temp);
    stage = FaultyStage.open(temp);
  }

  @AfterAll
  static void close() {
    stage.close();
  }

  @BeforeEach
  void relayIsThere() {
    if (!stage.relay().child().isAlive()) {
      stage.relay().startAgain();
    }
  }

  private interface Fault {
    void strike() throws Exception;
  }

  /** Lets a fault strike a shell that counts and a transfer under way, and waits for their ends. */
  private static void outlives(Route.Way way, Direction direction, Fault fault, int outages)
      throws Exception {
    OpenSsh ssh = stage.ssh(way);
    try (Counter counter = Counter.start(ssh)) {
      long before = stage.clientPath().bytes();
      try (Transfer transfer = Transfer.start(ssh, direction, cargo)) {
        Awaitility.await()
            .atMost(LIMIT)
            .pollInterval(Duration.ofMillis(5))
            .until(() -> stage.clientPath().bytes() > before + MIDDLE);
        fault.strike();
        assertThat(transfer.isUnderWay()).as("the fault came in its middle").isTrue();
        counter.goesOn(LIMIT);
        transfer.arrivesWhole(LIMIT);
        assertTold(way, transfer.child(), outages);
      }
      counter.endsWhole();
      assertTold(way, counter.ssh(), outages);
    }
  }

  /** A tcptows tells it for all its connections; only that of the transfer meets every fault. */
  private static void assertTold(Route.Way way, Child ssh, int outages) {
    if (way.helper() != null) {
      assertThat(ssh.err()).isEmpty();
    } else {
      assertThat(Notices.count("wsproxy", ssh.err())).isBetween(1, outages);
    }
  }

  private static void outlivesOnce(Direction direction, Fault fault) throws Exception {
    outlives(stage.way(Route.WSPROXY), direction, fault, 1);
  }

  @Test
  void sessionOutlivesItsRelay() throws Exception {
    outlivesOnce(
        Direction.DOWN,
        () -> {
          stage.relay().kill();
          stage.relay().startAgain();
        });
  }

  @Test
  void sessionMovesOnWhenItsRelayIsToldToEnd() throws Exception {
    outlivesOnce(
        Direction.UP,
        () -> {
          Child relay = stage.relay().child();
          relay.signal("TERM");
          assertThat(relay.exit(Duration.ofSeconds(5)))
              .as("sooner than its grace is over")
              .isEqualTo(143);
          stage.relay().startAgain();
        });
  }

  @Test
  void sessionOutlivesAResetOfItsClient() throws Exception {
    outlivesOnce(Direction.UP, stage.clientPath()::cut);
  }

  @Test
  void sessionOutlivesAResetOfItsAgent() throws Exception {
    outlivesOnce(Direction.DOWN, stage.agentPath()::cut);
  }

  @Test
  void sessionOutlivesAResetBehindTcptows() throws Exception {
    try (Route.Way way = stage.way(Route.TCPTOWS)) {
      outlives(way, Direction.DOWN, stage.clientPath()::cut, 1);
      assertThat(way.helper().err().lines().sorted().collect(Collectors.joining("\n")))
          .as("for its two connections")
          .matches(
              "(tcptows: connection lost .*\n){2}tcptows: reconnected.*\ntcptows: reconnected.*");
    }
  }

  @Test
  void sessionGoesOnFromAnotherAddress() throws Exception {
    outlivesOnce(
        Direction.DOWN,
        () -> {
          stage.clientPath().comeFrom("127.0.0.2");
          stage.clientPath().cut();
          stage.relay().child().awaitErr("stage opened: client 127\\.0\\.0\\.2:");
        });
    stage.clientPath().comeFrom("127.0.0.1");
  }

  @Test
  void transferOutlivesTwentyCuts() throws Exception {
    outlives(
        stage.way(Route.WSPROXY),
        Direction.UP,
        () -> {
          for (int i = 0; i < 20; i++) {
            stage.clientPath().cutAfter(5_000_001).get(LIMIT.toSeconds(), TimeUnit.SECONDS);
          }
        },
        20);
  }

  @Test
  void quietClientSaysNothingOfIt() {
    try (Counter counter = Counter.start(stage.ssh(stage.way(Route.WSPROXY, "--quiet")))) {
      stage.clientPath().cut();
      counter.goesOn(LIMIT).endsWhole();
      assertThat(counter.ssh().err()).isEmpty();
    }
  }

  @Test
  void clientThatIsNotToResumeEndsWithItsConnectionAndSaysWhy() {
    try (Counter counter = Counter.start(stage.ssh(stage.way(Route.WSPROXY, "--no-resume")))) {
      stage.clientPath().cut();
      assertThat(counter.ssh().exit()).isEqualTo(255);
      assertThat(counter.ssh().err()).startsWith("wsproxy: the session ended early: 1006 ");
    }
  }
}
