package dev.converge.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
final class EndingIT {
  @TempDir Path folder;
  private SshFixture fixture;

  @BeforeEach
  void start() throws Exception {
    fixture = new SshFixture(folder);
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  private Screen shell() throws IOException {
    return new Screen(fixture.sshCommand("-tt", "abc@127.0.0.1")).await(".hold");
  }

  /** Starts a program that can be told from all others, and waits until it runs. */
  private Path unique(String name) throws Exception {
    Path program = fixture.work.resolve(name);
    Files.copy(Path.of("/bin/sleep"), program);
    return program;
  }

  private static long running(Path program) {
    try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
      return all.filter(process -> process.info().command().orElse("").equals(program.toString()))
          .count();
    }
  }

  private static void awaitRunning(Path program, long count) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> running(program), actual -> actual == count);
  }

  @Test
  void vanishedClientsProcessesAreHungUpOn() throws Exception {
    Path job = unique("job");
    try (Screen shell = shell()) {
      shell.type(job + " 1000 &\n").type(job + " 1000\n");
      awaitRunning(job, 2);
      var command =
          fixture.start(
              fixture.sshCommand("abc@127.0.0.1", job + " 1000; echo"),
              java.util.Map.of(),
              Path.of("/dev/null"),
              Path.of("/dev/null"),
              Path.of("/dev/null"));
      awaitRunning(job, 3);
      shell.process.destroyForcibly();
      command.destroyForcibly();
      awaitRunning(job, 0);
    }
    Awaitility.await()
        .until(
            () -> fixture.events.clients.stream().filter(event -> event.startsWith("left")).count(),
            count -> count == 2);
  }

  @Test
  void whatIsMadeToSurviveAHangUpDoesSo() throws Exception {
    Path job = unique("job");
    try (Screen shell = shell()) {
      shell.type("nohup " + job + " 1000 > /dev/null 2>&1 &\n");
      awaitRunning(job, 1);
      shell.type("echo running\n").await("running");
      shell.process.destroyForcibly();
      Awaitility.await().until(() -> fixture.events.clients.size(), count -> count == 2);
    }
    assertThat(fixture.ssh("true").code()).isZero();
    assertThat(running(job)).isEqualTo(1);
    fixture.endpoint.close();
    awaitRunning(job, 0);
  }

  @Test
  void nothingIsLeftBehindWhenTheEndpointCloses() throws Exception {
    Path job = unique("job");
    try (Screen shell = shell();
        Screen other = shell()) {
      shell.type("setsid " + job + " 1000 &\n").type("(trap '' HUP TERM; " + job + " 1000) &\n");
      other.type("setsid -f " + job + " 1000 & " + job + " 1000\n");
      awaitRunning(job, 4);
      fixture.endpoint.close("The session has expired.");
      for (Screen screen : List.of(shell, other)) {
        screen.await("The session has expired.");
        assertThat(screen.exitCode()).isEqualTo(255);
      }
      awaitRunning(job, 0);
    }
  }

  @Test
  void closeOfAnIdleEndpointIsQuick() {
    long start = System.nanoTime();
    fixture.endpoint.close();
    fixture.endpoint.close("again");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
  }

  @Test
  void clientThatComesAfterTheEndIsTurnedAway() throws Exception {
    fixture.endpoint.close();
    assertThat(fixture.ssh("true").code()).isEqualTo(255);
  }
}
