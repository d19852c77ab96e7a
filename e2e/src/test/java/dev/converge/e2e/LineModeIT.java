package dev.converge.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An agent whose JVM finds no native code to load, as on a machine for which nobody built any. */
final class LineModeIT {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private static final String SURVIVOR = "survivor";
  private static final String PROMPT = "[$#] $";

  @TempDir static Path temp;
  private static Stage stage;

  @BeforeAll
  static void open() throws IOException {
    Path nothing = Files.createDirectory(temp.resolve("nothing"));
    stage =
        Stage.open(
            temp,
            Map.of(
                "JDK_JAVA_OPTIONS",
                "-Djna.nounpack=true -Djna.nosys=true -Djna.boot.library.path=" + nothing),
            "--linger=5m",
            "--resume-window=1s");
  }

  @AfterAll
  static void closeLeavesNothingRunning() {
    Path survivor = stage.work().resolve(SURVIVOR);
    stage.close();
    awaitRunning(survivor, 0);
  }

  private static Terminal shell() {
    return Terminal.start(stage.via(Route.WSPROXY).command("-tt"), 100, 30)
        .await("line mode")
        .await(PROMPT);
  }

  @Test
  void shellPromptsEchoesRunsWhatIsTypedAndTellsItsExitStatus() {
    try (Terminal terminal = shell()) {
      terminal.type("echo a $((40 + 2))x").await("echo a").type("\u007fb\r").await("a 42b\r\n");
      terminal.type("echo \"$agentdir|$TERM|$-\"\r").await(stage.work() + "\\|dumb\\|[a-z]*i");
      terminal.type("echo to stderr >&2; echo then\r").await("to stderr\r\nthen\r\n");
      terminal.type("exit 7\r");

      assertThat(terminal.exit()).isEqualTo(7);
      assertThat(terminal.screen())
          .containsOnlyOnce("Converge: no pseudo-terminal")
          .containsOnlyOnce("echo to stderr >&2")
          .contains("echo a $((40 + 2))x\b \bb\r\n")
          .contains(".hold");
    }
    assertThat(stage.agent().child().err())
        .containsOnlyOnce("no pseudo-terminal on this machine, shells are in line mode")
        .doesNotContain("\tat ");
  }

  @Test
  void interruptEndsTheCommandAndNotTheShell() {
    try (Terminal terminal = shell()) {
      terminal.type("echo begin; sleep 1000; echo skipped\r").await("begin\r\n");
      terminal.type("\u0003").await("\\^C\r\n").await(PROMPT);
      terminal.type("echo code $?\r").await("code 130\r\n").await(PROMPT);
      terminal.type("half a line\u0003").await("\\^C\r\n").await(PROMPT).type("exit\r");

      assertThat(terminal.exit()).isEqualTo(130);
      assertThat(terminal.screen()).doesNotContain("\r\nskipped");
    }
  }

  @Test
  void endOfInputOnAnEmptyLineEndsTheShell() {
    try (Terminal terminal = shell()) {
      terminal.type("true\r").await("true\r\n").await(PROMPT).type("\u0004");

      assertThat(terminal.exit()).isZero();
    }
  }

  @Test
  void commandHasItsTwoStreamsItsInputAndItsExitStatus() {
    Child child = stage.via(Route.WSPROXY).ssh("cat; echo wrong >&2; exit 42");
    child.type("input\n").endInput();

    assertThat(child.exit()).isEqualTo(42);
    assertThat(child.out()).isEqualTo("input\n");
    assertThat(child.err()).isEqualTo("wrong\n");
  }

  @Test
  void muchDataArrivesWhole() {
    Child child = stage.via(Route.WSPROXY).ssh("head -c 5000000 /dev/zero; sleep 3600 & ");

    assertThat(child.success()).hasSize(5_000_000);
  }

  @Test
  void filesAreTransferred() throws IOException {
    Path local = Files.writeString(stage.home().resolve("file"), "content");
    stage.via(Route.WSPROXY).sftp("put " + local + " sent\nls -l\n").success();

    assertThat(stage.work().resolve("sent")).hasContent("content");
  }

  @Test
  void vanishedClientsCommandsAreHungUpOn() throws IOException {
    Path job = copyOfSleep("job");
    Path survivor = copyOfSleep(SURVIVOR);
    try (Terminal terminal = shell()) {
      terminal.type("nohup setsid -f ./survivor 1000 < /dev/null > /dev/null 2>&1\r");
      terminal.type("./job 1000 &\r").type("./job 1000\r");
      awaitRunning(job, 2);
      awaitRunning(survivor, 1);
    }
    awaitRunning(job, 0);
    assertThat(running(survivor)).as("left behind until the agent ends").isEqualTo(1);
  }

  private static Path copyOfSleep(String name) throws IOException {
    return Files.copy(Path.of("/bin/sleep"), stage.work().resolve(name));
  }

  private static void awaitRunning(Path program, long count) {
    Awaitility.await().atMost(LIMIT).until(() -> running(program), actual -> actual == count);
  }

  private static long running(Path program) {
    try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
      return all.filter(process -> process.info().command().orElse("").equals(program.toString()))
          .count();
    }
  }
}
