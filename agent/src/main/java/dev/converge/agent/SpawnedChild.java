package dev.converge.agent;

import com.pty4j.unix.Pty;
import com.pty4j.util.PtyUtil;
import com.sun.jna.Native;
import com.sun.jna.ptr.IntByReference;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A process that posix_spawn(3) has made the leader of a session of its own. */
final class SpawnedChild implements Child, InputPump.Sink {
  private static final LibC C = LibC.INSTANCE;

  private final Descriptor input;
  private final Descriptor output;
  private final @Nullable Descriptor error;

  private final int pid;
  private final Wake wake;
  private final @Nullable Pty pty;
  private final CompletableFuture<ExitStatus> exit = new CompletableFuture<>();
  private final CompletableFuture<Void> over = new CompletableFuture<>();
  private boolean released;

  private SpawnedChild(int pid, Wake wake, Descriptor[] streams, @Nullable Pty pty) {
    this.pid = pid;
    this.wake = wake;
    this.pty = pty;
    input = streams[0];
    output = streams[1];
    error = streams.length > 2 ? streams[2] : null;
    var waiter = new Thread(this::awaitExit, "exit-" + pid);
    waiter.setDaemon(true);
    waiter.start();
  }

  /** The terminal's path goes into the environment as {@code SSH_TTY}. */
  static Child onTerminal(Launch launch) throws IOException {
    var terminal = Objects.requireNonNull(launch.terminal());
    var pty = new Pty();
    // pty4j leaves the library that it unpacks, and so its folder.
    PtyUtil.resolveNativeFile("libpty.so").deleteOnExit();
    var wake = new Wake();
    try (var spawn = new Spawn()) {
      var master = new Descriptor(pty.getMasterFD(), wake);
      terminal.apply(master.number);
      spawn.connectTerminal(pty.getSlaveName());
      return new SpawnedChild(
          spawn.start(launch.with("SSH_TTY", pty.getSlaveName())),
          wake,
          new Descriptor[] {master, master},
          pty);
    } catch (IOException e) {
      pty.close();
      wake.close();
      throw e;
    }
  }

  static Child onPipes(Launch launch) throws IOException {
    var wake = new Wake();
    var childs = new HashSet<Integer>();
    var ours = new Descriptor[3];
    try (var spawn = new Spawn()) {
      for (int stream = 0; stream < 3; stream++) {
        int[] ends = new int[2];
        Descriptor.check(C.pipe2(ends, LibC.O_CLOEXEC), "pipe2");
        int childsEnd = stream == 0 ? ends[0] : ends[1];
        childs.add(childsEnd);
        ours[stream] = new Descriptor(stream == 0 ? ends[1] : ends[0], wake).enlarged();
        spawn.connect(childsEnd, stream);
      }
      return new SpawnedChild(spawn.start(launch), wake, ours, null);
    } catch (IOException e) {
      for (Descriptor end : ours) {
        if (end != null) {
          end.close();
        }
      }
      wake.close();
      throw e;
    } finally {
      childs.forEach(C::close);
    }
  }

  @Override
  public int pid() {
    return pid;
  }

  @Override
  public OutputPump.Source output() {
    return pty == null ? output : new TerminalOutput(output);
  }

  @Override
  public OutputPump.@Nullable Source error() {
    return error;
  }

  @Override
  public InputPump.Sink input(Outlet screen) {
    return this;
  }

  @Override
  public CompletableFuture<ExitStatus> exit() {
    return exit;
  }

  @Override
  public CompletableFuture<Void> over() {
    return over;
  }

  /** Signals the process and what shares its process group. */
  @Override
  public void signal(int number) {
    if (!exit.isDone() && C.kill(-pid, number) != 0) {
      C.kill(pid, number);
    }
  }

  @Override
  public void hangUp() {
    wake.abort();
    Processes.hangUp(pid);
    over.complete(null);
  }

  @Override
  public synchronized void resize(Terminal.Size size) {
    if (pty != null && !released) {
      size.apply(output.number);
    }
  }

  @Override
  public int offer(byte[] bytes, int start, int length) {
    return input.offer(bytes, start, length);
  }

  @Override
  public boolean write(ByteBuffer buffer) {
    return input.write(buffer);
  }

  /** The client sends no more; on a PTY that means nothing, as with any terminal. */
  @Override
  public void end() {
    if (pty == null) {
      input.close();
    }
  }

  @Override
  public synchronized void release() {
    released = true;
    try {
      if (pty != null) {
        pty.close();
      } else {
        output.close();
      }
      if (error != null) {
        error.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      wake.close();
    }
  }

  private void awaitExit() {
    var status = new IntByReference();
    int reaped;
    do {
      reaped = C.waitpid(pid, status, 0);
    } while (reaped < 0 && Native.getLastError() == LibC.EINTR);
    wake.exit();
    exit.complete(ExitStatus.ofWaitStatus(status.getValue()));
    over.complete(null);
  }
}
