package dev.converge.agent;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A process whose client asked for a terminal where none can be made: it runs on pipes, and the
 * agent does what a terminal would do with lines.
 */
final class LineChild implements Child {
  private static final String NOTICE =
      """
      Converge: no pseudo-terminal can be made here, so this is line mode: no completion, no
      full-screen programs, and passwords show. Ctrl-C interrupts, Ctrl-D ends.
      """;

  private final Child child;
  private final InputPump.Sink sink;

  private final String notice;

  private LineChild(Child child, InputPump.Sink sink, String notice) {
    this.child = child;
    this.sink = sink;
    this.notice = notice;
  }

  static Child start(Launch launch, Kill kill) throws IOException {
    JvmChild child = JvmChild.onOneStream(launch.with("TERM", "dumb"), interactive(launch), kill);
    return new LineChild(child, child, launch.interactive() ? NOTICE : "");
  }

  /** A shell that is to prompt although it sees no terminal. */
  private static List<String> interactive(Launch launch) {
    List<String> command = new ArrayList<>(launch.commandLine());
    if (launch.login()) {
      command.add(1, "-i");
      if (launch.program().endsWith("bash")) {
        command.add(1, "--noediting"); // it would show what is typed, once more
      }
    }
    return command;
  }

  @Override
  public int pid() {
    return child.pid();
  }

  @Override
  public String notice() {
    return notice;
  }

  /** Reads at most half of what there is place for, as it may double. */
  @Override
  public OutputPump.Source output() {
    return buffer -> {
      ByteBuffer half = buffer.slice(0, buffer.capacity() / 2);
      int count = child.output().read(half);
      if (count <= 0) {
        return count;
      }
      byte[] bytes = new byte[count];
      half.get(0, bytes);
      byte[] shown = LineDiscipline.forScreen(bytes);
      buffer.put(0, shown);
      return shown.length;
    };
  }

  @Override
  public OutputPump.@Nullable Source error() {
    return null;
  }

  @Override
  public InputPump.Sink input(Outlet screen) {
    var discipline = new LineDiscipline(new Keyboard(screen));
    return new InputPump.Sink() {
      @Override
      public boolean write(ByteBuffer buffer) {
        byte[] keys = new byte[buffer.remaining()];
        buffer.get(keys);
        discipline.type(keys);
        return true; // Ctrl-C counts even if the input does not
      }

      @Override
      public void end() {
        sink.end();
      }
    };
  }

  private final class Keyboard implements LineDiscipline.Ends {
    private final Outlet screen;

    Keyboard(Outlet screen) {
      this.screen = screen;
    }

    @Override
    public void echo(byte[] bytes) {
      try {
        screen.write(ByteBuffer.wrap(bytes));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void send(byte[] bytes) {
      var unused = sink.write(ByteBuffer.wrap(bytes));
    }

    @Override
    public void signal(int number) {
      child.signal(number);
    }

    @Override
    public void end() {
      sink.end();
    }
  }

  @Override
  public CompletableFuture<ExitStatus> exit() {
    return child.exit();
  }

  @Override
  public CompletableFuture<Void> over() {
    return child.over();
  }

  @Override
  public void signal(int number) {
    child.signal(number);
  }

  @Override
  public void hangUp() {
    child.hangUp();
  }

  @Override
  public void resize(Terminal.Size size) {
    // Nothing here knows a size.
  }

  @Override
  public void release() {
    child.release();
  }
}
