package dev.converge.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.pty4j.PtyProcess;
import com.pty4j.PtyProcessBuilder;
import com.pty4j.WinSize;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/** A person at a terminal: runs a program on a pseudo-terminal, types and reads the screen. */
final class Terminal implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final PtyProcess process;
  private final Thread reader = new Thread(this::read, "terminal");
  private final StringBuilder screen = new StringBuilder();
  private int seen;

  private Terminal(PtyProcess process) {
    this.process = process;
    reader.setDaemon(true);
    reader.start();
  }

  static Terminal start(List<String> command, int columns, int rows) {
    try {
      Map<String, String> environment = new HashMap<>(System.getenv());
      environment.put("TERM", "xterm-256color");
      environment.put("HOME", "/nonexistent");
      environment.putAll(Packaged.warm());
      return new Terminal(
          new PtyProcessBuilder(command.toArray(String[]::new))
              .setEnvironment(environment)
              .setInitialColumns(columns)
              .setInitialRows(rows)
              .start());
    } catch (IOException e) {
      throw new AssertionError("cannot start " + command, e);
    }
  }

  private void read() {
    byte[] buffer = new byte[8192];
    try (InputStream in = process.getInputStream()) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        synchronized (screen) {
          screen.append(new String(buffer, 0, n, StandardCharsets.UTF_8));
        }
      }
    } catch (IOException e) {
      // A pseudo-terminal whose process has ended reads as an error.
    }
  }

  Terminal type(String text) {
    try {
      process.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
      process.getOutputStream().flush();
      return this;
    } catch (IOException e) {
      throw new AssertionError("the terminal takes no input", e);
    }
  }

  Terminal resize(int columns, int rows) {
    process.setWinSize(new WinSize(columns, rows));
    return this;
  }

  /** Waits until the part of the screen that was not yet matched has a match. */
  Terminal await(String regex) {
    Pattern pattern = Pattern.compile(regex);
    try {
      Awaitility.await()
          .atMost(LIMIT)
          .pollInterval(Duration.ofMillis(20))
          .until(() -> matched(pattern));
      return this;
    } catch (org.awaitility.core.ConditionTimeoutException e) {
      throw new AssertionError("'" + regex + "' is not on the screen:\n" + screen(), e);
    }
  }

  private boolean matched(Pattern pattern) {
    synchronized (screen) {
      Matcher matcher = pattern.matcher(screen);
      if (!matcher.find(seen)) {
        return false;
      }
      seen = matcher.end();
      return true;
    }
  }

  /** All that was shown so far, control sequences included. */
  String screen() {
    synchronized (screen) {
      return screen.toString();
    }
  }

  long pid() {
    return process.pid();
  }

  /** Waits until the program has ended and its last words are shown; returns its exit code. */
  int exit() {
    try {
      assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS))
          .as("the program ended; screen:\n%s", screen())
          .isTrue();
      reader.join(LIMIT.toMillis());
      return process.exitValue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
