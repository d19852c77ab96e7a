package dev.converge.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
final class JvmChildTest {
  private static final Terminal TERMINAL =
      new Terminal("xterm", new Terminal.Size(101, 33, 900, 600), Map.of());

  private @Nullable JvmChild child;

  private static Launch launch(String script) {
    return new Launch(
        Path.of("/bin/sh"),
        List.of("sh", "-c", script),
        Map.of("PATH", "/usr/bin:/bin", "NAME", "x y"),
        Path.of("/"),
        TERMINAL);
  }

  private JvmChild start(String script) throws IOException {
    child = JvmChild.onPipes(launch(script), Kill.SHELL);
    return child;
  }

  private static int exit(Child child) throws Exception {
    return child.exit().get(20, TimeUnit.SECONDS).code();
  }

  private static String read(OutputPump.Source source) throws IOException {
    var buffer = ByteBuffer.allocateDirect(4096);
    var text = new StringBuilder();
    for (int n = source.read(buffer); n > 0; n = source.read(buffer)) {
      byte[] bytes = new byte[n];
      buffer.get(0, bytes);
      text.append(new String(bytes, StandardCharsets.UTF_8));
    }
    return text.toString();
  }

  @AfterEach
  void release() throws Exception {
    if (child != null) {
      child.signal(Signals.KILL);
      exit(child);
      child.end();
      child.release();
    }
  }

  @ParameterizedTest
  @CsvSource({"exit 0,0", "exit 7,7", "kill -9 $$,137"})
  void exitCodeIsTold(String script, int code) throws Exception {
    assertThat(exit(start(script))).isEqualTo(code);
  }

  @Test
  void outputAndErrorsAreTwoStreamsAndInputIsRead() throws Exception {
    JvmChild running = start("pwd; echo $NAME; cat; echo wrong >&2");
    running.write(ByteBuffer.wrap("input\n".getBytes(StandardCharsets.US_ASCII)));
    running.end();
    assertThat(read(running.output())).isEqualTo("/\nx y\ninput\n");
    assertThat(read(Objects.requireNonNull(running.error()))).isEqualTo("wrong\n");
  }

  @Test
  void outputWrittenBeforeTheExitIsReadAfterItAlthoughAnotherHoldsThePipe() throws Exception {
    JvmChild dead = start("head -c 60000 /dev/zero; sleep 1000 & echo $! >&2; exit 4");
    assertThat(exit(dead)).isEqualTo(4);
    assertThat(read(dead.output())).hasSize(60000);
    long left = Long.parseLong(read(Objects.requireNonNull(dead.error())).strip());
    assertThat(ProcessHandle.of(left)).hasValueSatisfying(ProcessHandle::destroyForcibly);
  }

  @Test
  void interruptReachesTheCommandOfTheShell() throws Exception {
    JvmChild shell = start("trap 'echo shell; exit 3' INT; sleep 1000; echo not reached");
    await().until(() -> ProcessHandle.of(shell.pid()).orElseThrow().children().count() == 1);
    shell.signal(Signals.INT);
    assertThat(exit(shell)).isEqualTo(3);
    assertThat(read(shell.output())).isEqualTo("shell\n");
  }

  @Test
  void hangUpReachesAllButThoseThatAreMadeToSurviveIt() throws Exception {
    JvmChild shell = start("sleep 1000 & nohup sleep 1000 2>&1 & echo; wait");
    ProcessHandle handle = ProcessHandle.of(shell.pid()).orElseThrow();
    await()
        .until(
            () ->
                handle
                        .children()
                        .filter(c -> c.info().command().orElse("").endsWith("sleep"))
                        .count()
                    == 2);
    List<ProcessHandle> children = handle.children().toList();
    shell.hangUp();
    assertThat(exit(shell)).isEqualTo(129);
    await().until(() -> children.stream().filter(ProcessHandle::isAlive).count() == 1);
    assertThat(read(shell.output())).as("nobody waits for more").isNotNull();
    children.forEach(ProcessHandle::destroyForcibly);
  }

  @Test
  void terminalControlsTheProcessAndHasItsSize() throws Exception {
    // pty4j sets the size when the process runs already.
    String script = "until [ \"$(stty size)\" = '33 101' ]; do :; done; test -t 2 && tty; exit 5";
    child = JvmChild.onTerminal(launch(script), Kill.SHELL);
    assertThat(read(child.output())).matches("/dev/\\S+\r\n");
    assertThat(exit(child)).isEqualTo(5);
  }

  @Test
  void interruptWithoutSignalsSparesTheShellThatWaits() throws Exception {
    JvmChild shell = start("sleep 1000; echo $?; exit 6");
    ProcessHandle handle = ProcessHandle.of(shell.pid()).orElseThrow();
    await().until(() -> handle.children().count() == 1);
    Kill.END.send(Signals.INT, Processes.familyOf(handle));
    assertThat(read(shell.output())).isEqualTo("143\n");
    assertThat(exit(shell)).isEqualTo(6);
  }
}
