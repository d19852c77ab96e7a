package dev.converge.agent;

import com.pty4j.PtyProcess;
import com.pty4j.PtyProcessBuilder;
import com.pty4j.WinSize;
import com.pty4j.util.PtyUtil;
import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A process of the JVM's or, on a terminal, of pty4j's: for machines where {@link SpawnedChild}
 * cannot be. A death by signal N is told as exit code 128 + N.
 */
final class JvmChild implements Child, InputPump.Sink {
  /** What gives a process a session of its own, away from the agent's terminal; not everywhere. */
  private static final Path SETSID = Path.of("/usr/bin/setsid");

  private final Process process;
  private final Kill kill;
  private final @Nullable ProcessHandle handle;
  private final OutputPump.Source output;
  private final OutputPump.@Nullable Source error;
  private final CompletableFuture<ExitStatus> exit = new CompletableFuture<>();
  private final CompletableFuture<Void> over = new CompletableFuture<>();

  /**
   * @param merged whether output and errors come as one stream
   */
  private JvmChild(Process process, Kill kill, boolean merged) {
    this.process = process;
    this.kill = kill;
    handle = ProcessHandle.of(process.pid()).orElse(null);
    output =
        process instanceof PtyProcess
            ? buffer -> readTerminal(process.getInputStream(), buffer)
            : new PipeSource(process.getInputStream(), exit, over);
    error = merged ? null : new PipeSource(process.getErrorStream(), exit, over);
    var waiter = new Thread(this::awaitExit, "exit-" + process.pid());
    waiter.setDaemon(true);
    waiter.start();
  }

  static JvmChild onPipes(Launch launch, Kill kill) throws IOException {
    return new JvmChild(builder(launch, launch.commandLine()).start(), kill, false);
  }

  /** On pipes, with the errors among the output, as a terminal would show them. */
  static JvmChild onOneStream(Launch launch, List<String> command, Kill kill) throws IOException {
    return new JvmChild(builder(launch, command).redirectErrorStream(true).start(), kill, true);
  }

  static JvmChild onTerminal(Launch launch, Kill kill) throws IOException {
    var size = Objects.requireNonNull(launch.terminal()).size();
    var process =
        new PtyProcessBuilder(launch.commandLine().toArray(String[]::new))
            .setEnvironment(launch.environment())
            .setDirectory(launch.directory().toString())
            .setInitialColumns(size.columns())
            .setInitialRows(size.rows())
            .setRedirectErrorStream(true)
            .setUseWinConPty(true)
            .setUnixOpenTtyToPreserveOutputAfterTermination(true)
            .start();
    if (File.separatorChar == '/') {
      // pty4j leaves the library that it unpacks, and so its folder.
      PtyUtil.resolveNativeFile(System.mapLibraryName("pty")).deleteOnExit();
    }
    return new JvmChild(process, kill, true);
  }

  private static ProcessBuilder builder(Launch launch, List<String> command) {
    List<String> whole = new ArrayList<>(command);
    if (Files.isExecutable(SETSID)) {
      whole.add(0, SETSID.toString());
    }
    var builder = new ProcessBuilder(whole).directory(launch.directory().toFile());
    builder.environment().clear();
    builder.environment().putAll(launch.environment());
    return builder;
  }

  /** Whatever goes wrong with a terminal is its end. */
  private static int readTerminal(InputStream in, ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.capacity()];
    try {
      int count = in.read(bytes);
      buffer.put(0, bytes, 0, Math.max(0, count));
      return count;
    } catch (IOException e) {
      return -1;
    }
  }

  @Override
  public int pid() {
    return Math.toIntExact(process.pid());
  }

  @Override
  public OutputPump.Source output() {
    return output;
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

  @Override
  public void signal(int number) {
    List<Integer> family = family();
    if (!family.isEmpty()) {
      kill.send(number, family);
    }
  }

  @Override
  public void hangUp() {
    Processes.hangUp(this::family, kill);
    over.complete(null);
  }

  private List<Integer> family() {
    return handle == null ? List.of() : Processes.familyOf(handle);
  }

  @Override
  public void resize(Terminal.Size size) {
    if (process instanceof PtyProcess terminal && !exit.isDone()) {
      terminal.setWinSize(new WinSize(size.columns(), size.rows()));
    }
  }

  @Override
  public boolean write(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    try {
      process.getOutputStream().write(bytes);
      process.getOutputStream().flush();
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** The client sends no more; on a terminal that means nothing. */
  @Override
  public void end() {
    if (!(process instanceof PtyProcess)) {
      closeQuietly(process.getOutputStream());
    }
  }

  @Override
  public void release() {
    closeQuietly(process.getInputStream());
    closeQuietly(process.getErrorStream());
    closeQuietly(process.getOutputStream());
  }

  private static void closeQuietly(Closeable stream) {
    try {
      stream.close();
    } catch (IOException e) {
      // Whoever was at the other end is gone.
    }
  }

  private void awaitExit() {
    while (true) {
      try {
        exit.complete(ExitStatus.exited(process.waitFor()));
        over.complete(null);
        return;
      } catch (InterruptedException e) {
        // Nobody interrupts this thread but by mistake.
      }
    }
  }
}
