import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Sends single bytes to commands that echo them, to each in turn, and prints the median and the 99th
 * percentile of the time until each was back, in microseconds: a line for each command. A command
 * says that it is ready with a line of its own.
 */
final class Keystrokes {
  private static final int WARM_UP = 300;
  private static final int PAUSE_NANOS = 500_000;

  private final Process process;
  private final OutputStream in;
  private final InputStream out;
  private final long[] times;

  private Keystrokes(String command, int count) throws IOException {
    process =
        new ProcessBuilder("sh", "-c", "exec " + command)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    in = process.getOutputStream();
    out = process.getInputStream();
    times = new long[count];
    while (read() != '\n') {}
  }

  public static void main(String[] args) throws Exception {
    int count = Integer.parseInt(args[0]);
    List<Keystrokes> commands = new ArrayList<>();
    for (String command : Arrays.asList(args).subList(1, args.length)) {
      commands.add(new Keystrokes(command, count));
    }
    for (int i = -WARM_UP; i < count; i++) {
      for (Keystrokes command : commands) {
        long time = command.echo();
        if (i >= 0) {
          command.times[i] = time;
        }
        Thread.sleep(0, PAUSE_NANOS);
      }
    }
    for (Keystrokes command : commands) {
      command.print();
      command.process.destroy();
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

  private void print() {
    Arrays.sort(times);
    System.out.println(
        times[times.length / 2] / 1000 + " " + times[times.length * 99 / 100] / 1000);
  }
}
