package dev.converge.agent;

import com.sun.jna.Memory;
import com.sun.jna.StringArray;
import com.sun.jna.ptr.IntByReference;
import java.io.File;
import java.io.IOException;
import java.util.Map;

/**
 * posix_spawn(3) with what every child of the agent gets: a session of its own, no descriptor of
 * ours but its standard three, default signals (whatever the agent itself ignores, as under nohup).
 */
final class Spawn implements AutoCloseable {
  private static final LibC C = LibC.INSTANCE;
  private static final String ENCODING = "UTF-8";

  // Larger than the structures of glibc and musl on all 64-bit machines.
  private final Memory actions = new Memory(256);
  private final Memory attributes = new Memory(1024);
  private final Memory signals = new Memory(256);

  Spawn() {
    C.posix_spawn_file_actions_init(actions);
    C.posix_spawnattr_init(attributes);
    C.posix_spawnattr_setflags(
        attributes,
        (short)
            (LibC.POSIX_SPAWN_SETSID | LibC.POSIX_SPAWN_SETSIGMASK | LibC.POSIX_SPAWN_SETSIGDEF));
    C.sigemptyset(signals);
    C.posix_spawnattr_setsigmask(attributes, signals);
    C.sigfillset(signals);
    C.posix_spawnattr_setsigdefault(attributes, signals);
  }

  /** Makes a descriptor of ours one of the child's standard three. */
  void connect(int ours, int childs) {
    C.posix_spawn_file_actions_adddup2(actions, ours, childs);
  }

  /** Makes a terminal the child's standard three, and so its controlling terminal. */
  void connectTerminal(String path) {
    C.posix_spawn_file_actions_addopen(actions, 0, path, LibC.O_RDWR, 0);
    C.posix_spawn_file_actions_adddup2(actions, 0, 1);
    C.posix_spawn_file_actions_adddup2(actions, 0, 2);
  }

  int start(Launch launch) throws IOException {
    C.posix_spawn_file_actions_addchdir_np(actions, launch.directory().toString());
    keepOurDescriptors();
    var pid = new IntByReference();
    int error =
        C.posix_spawn(
            pid,
            launch.program().toString(),
            actions,
            attributes,
            strings(launch.arguments().toArray(String[]::new)),
            strings(environment(launch.environment())));
    if (error != 0) {
      throw new IOException(launch.program() + ": " + C.strerror(error));
    }
    return pid.getValue();
  }

  private void keepOurDescriptors() {
    try {
      C.posix_spawn_file_actions_addclosefrom_np(actions, 3);
    } catch (UnsatisfiedLinkError e) {
      // Before glibc 2.34: a descriptor that another thread opens just now may still slip through.
      String[] open = new File("/proc/self/fd").list();
      for (String fd : open == null ? new String[0] : open) {
        if (Integer.parseInt(fd) > 2) {
          C.fcntl(Integer.parseInt(fd), LibC.F_SETFD, LibC.FD_CLOEXEC);
        }
      }
    }
  }

  private static String[] environment(Map<String, String> environment) {
    return environment.entrySet().stream()
        .map(variable -> variable.getKey() + "=" + variable.getValue())
        .toArray(String[]::new);
  }

  private static StringArray strings(String[] values) {
    return new StringArray(values, ENCODING);
  }

  @Override
  public void close() {
    C.posix_spawn_file_actions_destroy(actions);
    C.posix_spawnattr_destroy(attributes);
    actions.close();
    attributes.close();
    signals.close();
  }
}
