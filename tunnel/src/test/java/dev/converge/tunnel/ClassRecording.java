package dev.converge.tunnel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Runs a program for the build, each time in a JVM of its own, and notes the names of the classes
 * that it loads.
 */
public final class ClassRecording {
  private static final int PATIENCE_S = 20;

  /** As the JVM's log has it; what is made at run time comes from no file. */
  private static final Pattern LOADED =
      Pattern.compile("([\\w$.]+) source: (jrt:.*|file:.*|shared objects file.*)");

  private static final Pattern MADE_OR_OF_TESTS =
      Pattern.compile(".*(\\$\\$Lambda|LambdaForm\\$|\\$Proxy\\d).*|.*/test-classes/|.*-tests.jar");

  private final String main;
  private final List<Path> logs = new ArrayList<>();

  public ClassRecording(Class<?> main) {
    this.main = main.getName();
  }

  /** Starts the program; the caller ends it. */
  public Process start(List<String> jvm, Map<String, String> environment, String... arguments)
      throws IOException {
    Path log = Files.createTempDirectory("classes").resolve("log");
    logs.add(log);
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-Xlog:class+load:file=" + log + ":none"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(jvm);
    command.add(main);
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().putAll(environment);
    return builder.start();
  }

  /** Reads what the program prints until there is a match. */
  public static Matcher awaitLine(Process process, String pattern) throws IOException {
    for (String line = process.inputReader().readLine();
        line != null;
        line = process.inputReader().readLine()) {
      Matcher matcher = Pattern.compile(pattern).matcher(line);
      if (matcher.find()) {
        return matcher;
      }
    }
    throw new IOException("the program has not printed: " + pattern);
  }

  /** Waits for the end of a program. */
  public static int end(Process process) throws InterruptedException {
    if (!process.waitFor(PATIENCE_S, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("the program has not ended");
    }
    return process.exitValue();
  }

  /** Writes the names of all runs, one in each line, always in the same order. */
  public void write(Path list) throws IOException {
    SortedSet<String> names = new TreeSet<>();
    for (Path log : logs) {
      for (String line : Files.readAllLines(log)) {
        Matcher loaded = LOADED.matcher(line);
        if (loaded.matches() && !MADE_OR_OF_TESTS.matcher(line).matches()) {
          names.add(loaded.group(1));
        }
      }
      Files.delete(log);
      Files.delete(log.getParent());
    }
    Files.createDirectories(list.toAbsolutePath().getParent());
    Files.write(list, names);
  }
}
