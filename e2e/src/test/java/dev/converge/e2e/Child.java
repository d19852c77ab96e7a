package dev.converge.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** A process that a test started, with all that it has printed; closing it kills it. */
final class Child implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final String command;
  private final Process process;
  private final Output out;
  private final Output err;

  private Child(List<String> command, Process process) {
    this.command = String.join(" ", command);
    this.process = process;
    out = new Output(process.getInputStream());
    err = new Output(process.getErrorStream());
  }

  /**
   * Starts a program in {@code directory}, with the variables added to this process's own. Its home
   * is nowhere, so that shells and programs read and write nothing of this machine's.
   */
  static Child start(Path directory, Map<String, String> environment, List<String> command) {
    try {
      var builder = new ProcessBuilder(command).directory(directory.toFile());
      builder.environment().keySet().removeIf(name -> name.startsWith("CONVERGE_"));
      builder.environment().put("HOME", "/nonexistent");
      builder.environment().putAll(Packaged.warm());
      builder.environment().putAll(environment);
      return new Child(command, builder.start());
    } catch (IOException e) {
      throw new AssertionError("cannot start " + command, e);
    }
  }

  /** Everything that one stream has brought so far. */
  private static final class Output {
    private final StringBuilder text = new StringBuilder();
    private final Thread reader;

    Output(InputStream in) {
      reader = new Thread(() -> read(in), "output");
      reader.setDaemon(true);
      reader.start();
    }

    private void read(InputStream in) {
      byte[] buffer = new byte[8192];
      try (in) {
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
          synchronized (text) {
            text.append(new String(buffer, 0, n, StandardCharsets.ISO_8859_1));
          }
        }
      } catch (IOException e) {
        // The process was killed: what it has printed until then is what counts.
      }
    }

    String soFar() {
      synchronized (text) {
        return new String(
            text.toString().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
      }
    }
  }

  /** What it has printed on standard output so far. */
  String out() {
    return out.soFar();
  }

  /** What it has printed on standard error so far. */
  String err() {
    return err.soFar();
  }

  long pid() {
    return process.pid();
  }

  ProcessHandle handle() {
    return process.toHandle();
  }

  /** Writes to its standard input. */
  Child type(String text) {
    try {
      process.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
      process.getOutputStream().flush();
      return this;
    } catch (IOException e) {
      throw new AssertionError(this + " takes no input", e);
    }
  }

  /** Ends its standard input. */
  Child endInput() {
    try {
      process.getOutputStream().close();
      return this;
    } catch (IOException e) {
      throw new AssertionError(this + " takes no input", e);
    }
  }

  /** Waits until standard output has a match, and returns it. */
  MatchResult awaitOut(String regex) {
    return await(out, regex);
  }

  /** Waits until standard error has a match, and returns it. */
  MatchResult awaitErr(String regex) {
    return await(err, regex);
  }

  private MatchResult await(Output output, String regex) {
    Pattern pattern = Pattern.compile(regex, Pattern.MULTILINE);
    try {
      return Awaitility.await()
          .atMost(LIMIT)
          .pollInterval(Duration.ofMillis(20))
          .until(
              () -> {
                Matcher matcher = pattern.matcher(output.soFar());
                return matcher.find() ? matcher.toMatchResult() : null;
              },
              match -> match != null);
    } catch (org.awaitility.core.ConditionTimeoutException e) {
      throw new AssertionError("'" + regex + "' was not printed by " + this, e);
    }
  }

  /** Waits for its end and returns the exit code. */
  int exit() {
    return exit(LIMIT);
  }

  /** Waits for its end and returns the exit code. */
  int exit(Duration limit) {
    try {
      assertThat(process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS))
          .as("%s ended within %s", this, limit)
          .isTrue();
      out.reader.join(TimeUnit.SECONDS.toMillis(5));
      err.reader.join(TimeUnit.SECONDS.toMillis(5));
      return process.exitValue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Waits for its end, which must be a success, and returns what it has printed. */
  String success() {
    int code = exit();
    assertThat(code).as("exit code of %s", this).isZero();
    return out();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Sends a signal by its name, such as TERM. */
  void signal(String name) {
    signal(name, Stream.of(handle()));
  }

  /** The same, to it and all that it has started. */
  void signalAll(String name) {
    signal(name, Stream.concat(Stream.of(handle()), handle().descendants()));
  }

  private static void signal(String name, Stream<ProcessHandle> processes) {
    Stream<String> pids = processes.map(process -> Long.toString(process.pid()));
    start(Path.of("/"), Map.of(), Stream.concat(Stream.of("kill", "-" + name), pids).toList())
        .success();
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    process.onExit().join();
  }

  @Override
  public String toString() {
    return command + "\n--- out ---\n" + out() + "\n--- err ---\n" + err();
  }
}
