package dev.converge.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Order(4)
final class ClockIT {
  @TempDir Path temp;

  @Test
  void expiryEndsAnAgentThatNobodyEnters() {
    try (Stage stage = Stage.open(temp, "--expiry", "PT10S")) {
      assertThat(stage.agent().child().exit()).isZero();
    }
  }

  @Test
  void expiryIsToldOnTheScreenBeforeItEndsTheSession() {
    try (Stage stage = Stage.open(temp, "--expiry", "PT20S", "--warning", "PT6S");
        Terminal terminal = Terminal.start(stage.via(Route.WSPROXY).command("-tt"), 100, 30)) {
      terminal.type("echo in\n").await("in\\r");
      terminal.await("ends in [3-6] seconds\\. Press any key");

      assertThat(terminal.exit()).isEqualTo(255);
      assertThat(terminal.screen()).contains("The session is over");
      assertThat(stage.agent().child().exit()).isZero();
    }
  }

  @Test
  void anyKeyPutsTheExpiryOff() {
    try (Stage stage = Stage.open(temp, "--expiry", "PT15S", "--warning", "PT1S");
        Terminal terminal = Terminal.start(stage.via(Route.WSPROXY).command("-tt"), 100, 30)) {
      terminal.await("hold");
      long start = System.nanoTime();
      Awaitility.await()
          .atMost(Duration.ofSeconds(40))
          .pollInterval(Duration.ofMillis(500))
          .until(
              () -> {
                terminal.type(" ");
                return System.nanoTime() - start > Duration.ofSeconds(20).toNanos();
              });
      assertThat(stage.agent().child().isAlive()).isTrue();
    }
  }

  @Test
  void lastClientGoneEndsTheAgentAfterItsLinger() {
    try (Stage stage = Stage.open(temp, "--linger", "PT1S")) {
      stage.via(Route.WSPROXY).ssh("true").success();

      assertThat(stage.agent().child().exit(Duration.ofSeconds(10))).isZero();
    }
  }

  @Test
  void nextClientComesInTimeWithinTheLinger() {
    try (Stage stage = Stage.open(temp, "--linger", "PT20S")) {
      stage.via(Route.WSPROXY).ssh("true").success();
      stage.via(Route.WSPROXY).ssh("true").success();

      assertThat(stage.agent().child().isAlive()).isTrue();
    }
  }

  @Test
  void heldAgentWaitsUntilTheHoldIsRemoved() {
    try (Stage stage = Stage.open(temp, "--linger", "PT1S")) {
      stage.via(Route.WSPROXY).ssh("touch .hold").success();
      Awaitility.await().during(Duration.ofSeconds(3)).until(() -> stage.agent().child().isAlive());

      stage.via(Route.WSPROXY).ssh("rm .hold").success();
      assertThat(stage.agent().child().exit(Duration.ofSeconds(10))).isZero();
    }
  }

  @Test
  void holdInTheFutureExtendsTheExpiry() throws IOException {
    Path hold = Files.createFile(Files.createDirectory(temp.resolve("work")).resolve(".hold"));
    Instant future = Instant.now().plusSeconds(20);
    Files.setLastModifiedTime(hold, FileTime.from(future));
    try (Stage stage = Stage.open(temp, "--expiry", "PT1S")) {
      assertThat(stage.agent().child().exit()).isZero();
      assertThat(Instant.now()).isAfter(future);
    }
  }

  @Test
  void firstClientThatLeavesEndsAnAgentThatIsToldSo() {
    try (Stage stage = Stage.open(temp, "--exit-on", "first-exit", "--linger", "PT1S")) {
      Child stays = stage.via(Route.WSPROXY).ssh("echo in; exec sleep 3600");
      stays.awaitOut("in");
      stage.via(Route.WSPROXY).ssh("true").success();

      assertThat(stage.agent().child().exit()).isZero();
      assertThat(stays.exit()).isEqualTo(255);
    }
  }

  @Test
  void ceilingEndsAnAgentThatIsInUse() {
    try (Stage stage = Stage.open(temp, "--max-duration", "PT15S")) {
      Child busy = stage.via(Route.WSPROXY).ssh("while sleep 0.2; do echo tick; done");

      assertThat(stage.agent().child().exit(Duration.ofSeconds(40))).isZero();
      assertThat(busy.exit()).isEqualTo(255);
    }
  }
}
