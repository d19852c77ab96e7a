package dev.converge.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.converge.e2e.Transfer.Cargo;
import dev.converge.e2e.Transfer.Direction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Outages of minutes. They pass at the same time, from the first, as nobody has to do anything. */
@Order(1)
final class OutageIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final long MIDDLE = 60_000_000;

  @TempDir static Path temp;
  private static final ExecutorService threads = Executors.newCachedThreadPool();
  private static FaultyStage stage;
  private static FaultyStage other;
  private static Cargo cargo;
  private static CompletableFuture<Void> halfAMinute;
  private static CompletableFuture<Void> twoMinutes;
  private static CompletableFuture<Void> suspended;
  private static CompletableFuture<Void> agentsSilence;

  /** What goes wrong in a session, and how long for. */
  private interface Outage {
    void pass(Counter counter, Transfer transfer, FaultyPath path);
  }

  @BeforeAll
  static void begin() throws IOException {
    cargo = Cargo.in(temp);
    stage = FaultyStage.open(Files.createDirectory(temp.resolve("stage")));
    other = FaultyStage.open(Files.createDirectory(temp.resolve("other")));
    halfAMinute = begin(stage, Direction.UP, 1, silence(Duration.ofSeconds(30)));
    twoMinutes = begin(stage, Direction.DOWN, 1, silence(Duration.ofMinutes(2)));
    suspended = begin(stage, Direction.UP, 1, OutageIT::suspend);
    // What the client says meanwhile reaches the agent later, and may displace what it says then.
    agentsSilence = begin(other, Direction.DOWN, 3, OutageIT::silenceTheAgent);
  }

  @AfterAll
  static void close() {
    threads.shutdownNow();
    other.close();
    stage.close();
  }

  private static CompletableFuture<Void> begin(
      FaultyStage stage, Direction direction, int losses, Outage outage) {
    return CompletableFuture.runAsync(() -> outlives(stage, direction, losses, outage), threads);
  }

  private static void outlives(FaultyStage stage, Direction direction, int losses, Outage outage) {
    try (FaultyPath path = FaultyPath.to(stage.relay().port())) {
      OpenSsh ssh = stage.ssh(stage.way(path));
      try (Counter counter = Counter.start(ssh);
          Transfer transfer = Transfer.start(ssh, direction, cargo)) {
        Awaitility.await()
            .atMost(LIMIT)
            .pollInterval(Duration.ofMillis(5))
            .until(() -> path.bytes() > MIDDLE);
        outage.pass(counter, transfer, path);
        assertThat(transfer.isUnderWay()).as("it came in the middle of the transfer").isTrue();
        counter.goesOn(LIMIT);
        transfer.arrivesWhole(LIMIT);
        counter.endsWhole();
        assertThat(Notices.count("wsproxy", transfer.child().err())).isBetween(1, losses);
        assertThat(Notices.count("wsproxy", counter.ssh().err())).isBetween(1, losses);
      }
    }
  }

  private static Outage silence(Duration length) {
    return (counter, transfer, path) -> {
      path.silence();
      pass(length);
      path.speak();
    };
  }

  private static void silenceTheAgent(Counter counter, Transfer transfer, FaultyPath path) {
    other.agentPath().silence();
    pass(Duration.ofSeconds(30));
    other.agentPath().speak();
  }

  private static void suspend(Counter counter, Transfer transfer, FaultyPath path) {
    counter.ssh().signalAll("STOP");
    transfer.child().signalAll("STOP");
    pass(Duration.ofMinutes(1));
    transfer.child().signalAll("CONT");
    counter.ssh().signalAll("CONT");
  }

  private static void pass(Duration time) {
    new CompletableFuture<Void>()
        .completeOnTimeout(null, time.toMillis(), TimeUnit.MILLISECONDS)
        .join();
  }

  @Test
  void sessionOutlivesHalfAMinuteOfSilence() {
    halfAMinute.join();
  }

  @Test
  void sessionOutlivesTwoMinutesOfSilence() {
    twoMinutes.join();
  }

  @Test
  void sessionOutlivesAMinuteInWhichItsClientIsSuspended() {
    suspended.join();
  }

  @Test
  void sessionOutlivesHalfAMinuteOfItsAgentsSilence() {
    agentsSilence.join();
  }
}
