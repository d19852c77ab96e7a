package dev.converge.agent;

import com.pty4j.PtyProcess;
import com.pty4j.PtyProcessBuilder;
import com.pty4j.WinSize;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;

/** A user in front of a terminal that runs one program. */
final class Screen implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  final PtyProcess process;
  private final AtomicReference<String> seen = new AtomicReference<>("");
  private int looked;

  Screen(List<String> command) throws IOException {
    var environment = new TreeMap<>(System.getenv());
    environment.putAll(Map.of("TERM", "xterm-256color"));
    process =
        new PtyProcessBuilder(command.toArray(String[]::new))
            .setEnvironment(environment)
            .setInitialColumns(91)
            .setInitialRows(31)
            .start();
    var reader = new Thread(this::read);
    reader.setDaemon(true);
    reader.start();
  }

  private void read() {
    byte[] buffer = new byte[8192];
    InputStream in = process.getInputStream();
    try {
      for (int count = in.read(buffer); count > 0; count = in.read(buffer)) {
        show(new String(buffer, 0, count, StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      show("\n[screen lost: " + e.getMessage() + "]");
    }
  }

  private void show(String text) {
    seen.updateAndGet(before -> before + text);
  }

  Screen type(String text) throws IOException {
    process.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    return this;
  }

  /** Waits until the text appears after all that was waited for before. */
  Screen await(String text) {
    Awaitility.await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(20))
        .conditionEvaluationListener(null)
        .untilAsserted(
            () -> {
              int at = all().indexOf(text, looked);
              if (at < 0) {
                throw new AssertionError("no '" + text + "' in: " + all().substring(looked));
              }
            });
    looked = all().indexOf(text, looked) + text.length();
    return this;
  }

  Screen resize(int columns, int rows) {
    process.setWinSize(new WinSize(columns, rows));
    return this;
  }

  String all() {
    return seen.get();
  }

  int exitCode() throws InterruptedException {
    if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError("still running, screen: " + all());
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
