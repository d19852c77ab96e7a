package dev.converge.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** A program that runs beside this one, what it uses, and its end. */
final class Program implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofSeconds(30);
  private static final Duration END_LIMIT = Duration.ofSeconds(12);
  private static final long POLL_MILLIS = 20;

  private final String name;
  private final Process process;
  private final Path log;

  Program(String name, Process process, Path log) {
    this.name = name;
    this.process = process;
    this.log = log;
  }

  long pid() {
    return process.pid();
  }

  /** CPU time of the program and its children so far, in seconds. */
  double cpuSeconds() throws IOException {
    double sum = 0;
    for (long pid : pids()) {
      sum += ProcFiles.cpuSeconds(pid);
    }
    return sum;
  }

  /** Resident memory of the program and its children, in KiB. */
  long residentKib() throws IOException {
    long sum = 0;
    for (long pid : pids()) {
      sum += ProcFiles.residentKib(pid);
    }
    return sum;
  }

  private long[] pids() {
    return LongStream.concat(
            LongStream.of(pid()), process.descendants().mapToLong(ProcessHandle::pid))
        .toArray();
  }

  /** Waits until the program listens at the port. */
  Program awaitPort(int port) throws IOException, InterruptedException {
    await("port " + port, () -> ProcFiles.isListening(pid(), port));
    return this;
  }

  /** Waits for a line in what the program has printed. */
  String awaitLine(String start) throws IOException, InterruptedException {
    await("'" + start + "'", () -> line(start).findFirst().isPresent());
    return line(start).findFirst().orElseThrow();
  }

  private Stream<String> line(String start) throws IOException {
    Predicate<String> begins = text -> text.startsWith(start);
    return Files.readAllLines(log).stream().filter(begins);
  }

  /** Something that is so, or is not yet. */
  @FunctionalInterface
  private interface Condition {
    boolean holds() throws IOException;
  }

  private void await(String what, Condition condition) throws IOException, InterruptedException {
    long end = System.nanoTime() + START_LIMIT.toNanos();
    while (!condition.holds()) {
      if (!process.isAlive() || System.nanoTime() > end) {
        throw new IOException(name + ": no " + what + ": " + lastWords());
      }
      Thread.sleep(POLL_MILLIS);
    }
  }

  private String lastWords() throws IOException {
    List<String> lines = Files.readAllLines(log);
    return String.join(" | ", lines.subList(Math.max(0, lines.size() - 3), lines.size()));
  }

  /** Ends the program and its children, gently first. */
  @Override
  public void close() {
    List<ProcessHandle> all =
        Stream.concat(Stream.of(process.toHandle()), process.descendants()).toList();
    process.destroy();
    try {
      if (!process.waitFor(END_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    all.stream().filter(ProcessHandle::isAlive).forEach(ProcessHandle::destroyForcibly);
  }
}
