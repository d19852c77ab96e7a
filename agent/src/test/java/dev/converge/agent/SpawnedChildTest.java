package dev.converge.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.sshd.common.channel.PtyMode;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
final class SpawnedChildTest {
  private static final Terminal TERMINAL =
      new Terminal("xterm", new Terminal.Size(101, 33, 900, 600), Map.of());

  private @Nullable SpawnedChild child;

  private SpawnedChild start(String script, @Nullable Terminal terminal) throws IOException {
    var launch =
        new Launch(
            Path.of("/bin/sh"),
            List.of("sh", "-c", script),
            Map.of("PATH", "/usr/bin:/bin", "NAME", "Zürich"),
            Path.of("/"),
            terminal);
    child =
        (SpawnedChild)
            (terminal == null ? SpawnedChild.onPipes(launch) : SpawnedChild.onTerminal(launch));
    return child;
  }

  private static ExitStatus exit(Child child) throws Exception {
    return child.exit().get(20, TimeUnit.SECONDS);
  }

  private static String output(Child child) throws IOException {
    var buffer = ByteBuffer.allocateDirect(4096);
    var text = new StringBuilder();
    for (int n = child.output().read(buffer); n > 0; n = child.output().read(buffer)) {
      byte[] bytes = new byte[n];
      buffer.get(0, bytes);
      text.append(new String(bytes, StandardCharsets.UTF_8));
    }
    return text.toString();
  }

  @AfterEach
  void release() throws Exception {
    if (child != null) {
      child.hangUp();
      child.signal(Signals.KILL);
      exit(child);
      child.end();
      child.release();
    }
  }

  @ParameterizedTest
  @CsvSource({"exit 0,0,", "exit 137,137,", "kill -9 $$,0,KILL", "kill -USR1 $$,0,USR1"})
  void codesAndSignalsAreToldApart(String script, int code, @Nullable String signal)
      throws Exception {
    ExitStatus status = exit(start(script, null));
    assertThat(status.code()).isEqualTo(code);
    assertThat(status.signal()).isEqualTo(signal);
  }

  @Test
  void outputWrittenBeforeTheExitIsReadAfterIt() throws Exception {
    Child dead = start("echo $NAME; sleep 1000 & exit 4", null);
    assertThat(exit(dead).code()).isEqualTo(4);
    assertThat(output(dead)).isEqualTo("Zürich\n");
  }

  @Test
  void sessionAndWorkingDirectoryAreItsOwn() throws Exception {
    Child running = start("pwd; ps -o sid= -p $$", null);
    assertThat(output(running).trim().split("\\s+"))
        .containsExactly("/", String.valueOf(running.pid()));
  }

  @Test
  void terminalControlsTheProcessAndHasItsSize() throws Exception {
    Child running = start("tty; stty size < /dev/tty; echo $SSH_TTY", TERMINAL);
    List<String> lines = output(running).lines().toList();
    assertThat(lines.get(0)).startsWith("/dev/").isEqualTo(lines.get(2));
    assertThat(lines.get(1)).isEqualTo("33 101");
    assertThat(exit(running).code()).isZero();
  }

  @Test
  void terminalModesAreTheClients() throws Exception {
    var modes = Map.of(PtyMode.ECHO, 0, PtyMode.VINTR, 7, PtyMode.IUTF8, 1, PtyMode.VQUIT, 255);
    Child running = start("stty -a", new Terminal("xterm", TERMINAL.size(), modes));
    assertThat(output(running))
        .contains("-echo ", "intr = ^G", "iutf8", "quit = <undef>")
        .doesNotContain("-iutf8");
  }

  @Test
  void hangUpReachesTheWholeSessionAndWakesReaders() throws Exception {
    Child running = start("sleep 1000 & sleep 1000", null);
    var reader = new Thread(() -> Assertions.assertDoesNotThrow(() -> output(running)));
    reader.start();
    running.hangUp();
    reader.join();
    assertThat(exit(running).signal()).isEqualTo("HUP");
    // The leader is gone; the others are about to be.
    await().until(() -> Processes.ofSession(running.pid()).isEmpty());
  }

  @Test
  void programThatIsNoneIsAnError() {
    var nothing = new Launch(Path.of("/no/program"), List.of("x"), Map.of(), Path.of("/"), null);
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> SpawnedChild.onPipes(nothing))
        .withMessage("/no/program: No such file or directory");
  }
}
