package dev.converge.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Sends single bytes to a command that echoes them. A command says that it is ready with a line of
 * its own.
 */
final class Keystrokes implements AutoCloseable {
  private static final int WARM_UP = 300;
  private static final int PAUSE_NANOS = 500_000;
  private static final double MICRO = 1e3;

  private final Process process;
  private final OutputStream in;
  private final InputStream out;
  private final long[] times;

  private Keystrokes(List<String> command, int count) throws IOException {
    process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    in = process.getOutputStream();
    out = process.getInputStream();
    times = new long[count];
    while (read() != '\n') {}
  }

  /**
   * Prints the median and the 99th percentile of the echoes of each command, in microseconds, a
   * line for each.
   *
   * @param args how many keystrokes, and the commands, for sh
   */
  public static void main(String[] args) throws Exception {
    List<List<String>> commands = new ArrayList<>();
    for (String command : Arrays.asList(args).subList(1, args.length)) {
      commands.add(List.of("sh", "-c", "exec " + command));
    }
    for (long[] times : times(Integer.parseInt(args[0]), commands)) {
      System.out.println(
          Math.round(Statistics.percentile(times, 0.5) / MICRO)
              + " "
              + Math.round(Statistics.percentile(times, 0.99) / MICRO));
    }
  }

  /** The nanoseconds that each echo of each command took; they take turns. */
  static List<long[]> times(int count, List<List<String>> commands) throws Exception {
    List<Keystrokes> running = new ArrayList<>();
    try {
      for (List<String> command : commands) {
        running.add(new Keystrokes(command, count));
      }
      for (int i = -WARM_UP; i < count; i++) {
        for (Keystrokes command : running) {
          command.press(i);
          TimeUnit.NANOSECONDS.sleep(PAUSE_NANOS);
        }
      }
      return running.stream().map(command -> command.times).toList();
    } finally {
      running.forEach(Keystrokes::close);
    }
  }

  private void press(int number) throws IOException {
    long time = echo();
    if (number >= 0) {
      times[number] = time;
    }
  }

  private long echo() throws IOException {
    long start = System.nanoTime();
    in.write('x');
    in.flush();
    read();
    return System.nanoTime() - start;
  }

  private int read() throws IOException {
    int next = out.read();
    if (next < 0) {
      throw new IOException("the command has ended");
    }
    return next;
  }

  @Override
  public void close() {
    process.destroy();
  }
}
