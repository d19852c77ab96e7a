package dev.converge.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class CommandIT {
  private static final Duration LONG = Duration.ofMinutes(2);

  @TempDir static Path temp;
  private static Stage stage;

  @BeforeAll
  static void open() {
    stage = Stage.open(temp);
  }

  @AfterAll
  static void close() {
    stage.close();
  }

  @ParameterizedTest
  @EnumSource
  void outputErrorsAndExitCodeArriveEachWhereItBelongs(Route route) {
    Child child = stage.via(route).ssh("echo out; echo err >&2; exit 42");

    assertThat(child.exit()).isEqualTo(42);
    assertThat(child.out()).isEqualTo("out\n");
    assertThat(child.err()).isEqualTo("err\n");
  }

  @ParameterizedTest
  @EnumSource
  void sixtyFourMebibytesGoThroughCatUnharmed(Route route) {
    String ssh = words(stage.via(route).command("cat"));
    String made = "head -c 67108864 /dev/urandom | tee >(sha256sum >&2)";

    Child pipe =
        Child.start(
            temp, java.util.Map.of(), List.of("bash", "-c", made + " | " + ssh + " | sha256sum"));

    assertThat(pipe.exit(LONG)).isZero();
    assertThat(pipe.out()).isEqualTo(pipe.err());
  }

  @ParameterizedTest
  @EnumSource
  void tenConnectionsAtOnceAllDoTheirWork(Route route) {
    OpenSsh ssh = stage.via(route);
    List<Child> children =
        IntStream.range(0, 10).mapToObj(i -> ssh.ssh("head -c 1000000 /dev/zero | wc -c")).toList();

    assertThat(children).allSatisfy(child -> assertThat(child.exit(LONG)).as("%s", child).isZero());
    assertThat(children).allSatisfy(child -> assertThat(child.out().strip()).isEqualTo("1000000"));
  }

  @Test
  void endOfInputReachesTheCommand() {
    Child child = stage.via(Route.WSPROXY).ssh("cat; echo done").type("input\n").endInput();

    assertThat(child.success()).isEqualTo("input\ndone\n");
  }

  @Test
  void signalThatKilledTheCommandIsTold() {
    Child child = stage.via(Route.WSPROXY).ssh("kill -TERM $$");

    assertThat(child.exit()).isEqualTo(255);
  }

  @Test
  void commandLeftInTheBackgroundDoesNotHoldTheSession() {
    Child child = stage.via(Route.WSPROXY).ssh("sleep 3600 & echo $!");
    long pid = Long.parseLong(child.success().strip());

    ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
  }

  @Test
  void oneConnectionServesManySessions() {
    OpenSsh ssh = stage.via(Route.WSPROXY);
    String control = "-oControlPath=" + temp.resolve("control");
    try (Child master = ssh.ssh("-oControlMaster=yes", control, "-N")) {
      Awaitility.await().until(() -> ssh.ssh(control, "-Ocheck").exit() == 0);
      List<Child> children =
          IntStream.range(0, 5).mapToObj(i -> ssh.ssh(control, "echo " + i)).toList();

      assertThat(children).allSatisfy(child -> assertThat(child.exit()).isZero());
      assertThat(master.isAlive()).isTrue();
    }
  }

  @Test
  void jobsEnvironmentIsThereAndTheAgentsDirectoryIsNamed() {
    Child child = stage.via(Route.WSPROXY).ssh("echo $SHELL; echo $agentdir");

    assertThat(child.success()).isEqualTo("/bin/bash\n" + stage.work() + "\n");
  }

  private static String words(List<String> command) {
    return String.join(" ", command.stream().map(word -> "'" + word + "'").toList());
  }
}
