package dev.converge.agent;

import com.sun.jna.NativeLibrary;
import java.io.File;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this machine lets the agent do with processes. It is found out at the first process, which
 * is when native code is loaded, and nowhere else.
 *
 * @param pipes for processes without a terminal
 * @param terminals for those with one
 */
record Platform(Starter pipes, Starter terminals, Kill kill) {
  private static final Logger LOG = LoggerFactory.getLogger(Platform.class);

  /** The youngest of the calls that {@link Spawn} cannot do without: glibc 2.29, musl 1.1.24. */
  private static final String NEEDED_CALL = "posix_spawn_file_actions_addchdir_np";

  private static final class Here {
    static final Platform PLATFORM = find();
  }

  static Platform here() {
    return Here.PLATFORM;
  }

  Child start(Launch launch) throws IOException {
    return (launch.terminal() == null ? pipes : terminals).start(launch);
  }

  private static Platform find() {
    boolean windows = File.separatorChar == '\\';
    if (windows) {
      // That of Windows does, and its own weighs a megabyte.
      System.setProperty("com.pty4j.windows.disable.bundled.conpty", "true");
    }
    Kill kill = windows ? Kill.END : Kill.SHELL;
    Starter lines = launch -> LineChild.start(launch, kill);
    if (System.getProperty("os.name").equals("Linux") && canSpawn()) {
      return new Platform(
          SpawnedChild::onPipes, new Fallback(SpawnedChild::onTerminal, lines), Kill.SYSTEM_CALL);
    }
    return new Platform(
        launch -> JvmChild.onPipes(launch, kill),
        new Fallback(launch -> JvmChild.onTerminal(launch, kill), lines),
        kill);
  }

  private static boolean canSpawn() {
    try {
      NativeLibrary.getInstance(com.sun.jna.Platform.C_LIBRARY_NAME).getFunction(NEEDED_CALL);
      return true;
    } catch (LinkageError e) {
      LOG.debug("processes are started by the JVM", e);
      return false;
    }
  }
}
