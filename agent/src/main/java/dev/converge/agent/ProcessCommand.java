package dev.converge.agent;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.apache.sshd.common.io.IoInputStream;
import org.apache.sshd.common.io.IoOutputStream;
import org.apache.sshd.server.Environment;
import org.apache.sshd.server.ExitCallback;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.AsyncCommandStreamsAware;
import org.apache.sshd.server.command.Command;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A shell or a command of a client: a child process, and a pump of its own for each of its streams,
 * so that nobody waits for anybody else.
 *
 * <p>It is over when the process itself has ended and what it had written is with the client,
 * whatever it has left in the background.
 */
final class ProcessCommand implements Command, AsyncCommandStreamsAware {
  private static final Logger LOG = LoggerFactory.getLogger(ProcessCommand.class);
  private static final int CANNOT_EXECUTE = 126;

  private final SessionChannel channel;
  private final Launch launch;
  private final String greeting;
  private final Host host;
  private final InputPump input;
  private @Nullable IoOutputStream outputStream;
  private @Nullable IoOutputStream errorStream;
  private volatile @Nullable Outlet screen;
  private volatile @Nullable Child child;

  /** What all commands share. */
  interface Host {
    /** Where pumps run that the client's event loop cannot be: each on a thread of its own. */
    Executor pumps();

    /** Called with each command whose process runs. */
    void started(ProcessCommand command, Child child);

    void ended(ProcessCommand command);
  }

  /**
   * @param greeting what stands on the screen before the shell's first output; empty for commands
   */
  ProcessCommand(SessionChannel channel, Launch launch, String greeting, Host host) {
    this.channel = channel;
    this.launch = launch;
    this.greeting = greeting;
    this.host = host;
    input = new InputPump(channel);
    channel.setDataReceiver(input);
    channel.serve(this);
  }

  @Override
  public void start(ChannelSession ignored, Environment environment) throws IOException {
    var output = new Outlet(Objects.requireNonNull(outputStream));
    var error = new Outlet(Objects.requireNonNull(errorStream));
    Child started;
    try {
      started = Platform.here().start(launch);
    } catch (IOException | RuntimeException | LinkageError e) {
      // A broken installation is a LinkageError; it is the client who must hear of it.
      LOG.warn("{}: cannot start {}", channel.getSession(), launch.program(), e);
      tell(error, "converge: cannot start a process: " + e + "\n");
      channel.finish(ExitStatus.exited(CANNOT_EXECUTE));
      return;
    }
    child = started;
    String beginning = greeting + started.notice();
    if (!beginning.isEmpty()) {
      tell(output, beginning);
    }
    if (!greeting.isEmpty()) {
      screen = output;
    }
    host.started(this, started);
    pump(started, output, error);
  }

  private void pump(Child started, Outlet output, Outlet error) {
    var inputDone =
        CompletableFuture.runAsync(() -> input.run(listener(started, output)), host.pumps());
    Home home = ((StreamSession) channel.getSession().getIoSession()).home();
    var outputDone = started.output().carry(output, home, host.pumps());
    var errors = started.error();
    var errorDone = errors == null ? outputDone : errors.carry(error, home, host.pumps());
    var over = CompletableFuture.allOf(started.over(), outputDone, errorDone);
    host.pumps()
        .execute(
            () -> {
              over.join();
              input.close();
              finish(started);
              inputDone.join();
              started.release();
            });
  }

  /** Who gets the client's input; for a client that may only look that is nobody. */
  private InputPump.Sink listener(Child started, Outlet output) {
    InputPump.Sink sink = started.input(output);
    if (!Rules.of(channel.getSession()).readOnly()) {
      return sink;
    }
    sink.end();
    return InputPump.NOBODY;
  }

  private void finish(Child ended) {
    host.ended(this);
    try {
      if (ended.exit().isDone()) {
        channel.finish(ended.exit().join());
      }
    } catch (IOException e) {
      LOG.debug("{}: gone before its exit status", channel.getSession(), e);
    }
  }

  /** Puts a message on the screen, on lines of its own; nothing if this is not a shell's screen. */
  void show(String message) {
    Outlet out = screen;
    if (out != null) {
      try {
        tell(out, "\n" + message + "\n");
      } catch (IOException e) {
        LOG.debug("{}: gone before a message", channel.getSession(), e);
      }
    }
  }

  private static void tell(Outlet outlet, String text) throws IOException {
    byte[] bytes = text.replaceAll("\r?\n", "\r\n").getBytes(StandardCharsets.UTF_8);
    outlet.write(ByteBuffer.wrap(bytes));
  }

  void signal(int number) {
    Child running = child;
    if (running != null) {
      running.signal(number);
    }
  }

  void resize(Terminal.Size size) {
    Child running = child;
    if (running != null) {
      running.resize(size);
    }
  }

  /** The channel closes: a process that still runs has lost its client. */
  void hangUp() {
    Child running = child;
    if (running != null && !running.exit().isDone()) {
      running.hangUp();
    }
  }

  @Override
  public void destroy(ChannelSession ignored) {
    hangUp();
  }

  @Override
  public void setIoOutputStream(IoOutputStream out) {
    outputStream = out;
  }

  @Override
  public void setIoErrorStream(IoOutputStream err) {
    errorStream = err;
  }

  @Override
  public void setExitCallback(ExitCallback callback) {
    // The channel is told by finish(): the callback knows no signals.
  }

  @Override
  public void setIoInputStream(IoInputStream in) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void setInputStream(InputStream in) {
    throw new UnsupportedOperationException("input comes through the channel's data receiver");
  }

  @Override
  public void setOutputStream(OutputStream out) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void setErrorStream(OutputStream err) {
    throw new UnsupportedOperationException();
  }
}
