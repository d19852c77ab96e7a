package dev.converge.agent;

import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import com.sun.jna.StringArray;
import com.sun.jna.ptr.IntByReference;
import java.nio.ByteBuffer;

/**
 * The C library of Linux, as far as a process needs it that the JDK and pty4j cannot start: one in
 * a session of its own, whose signal death can be told from an exit code, on plain pipes as well as
 * on a PTY. Buffers are passed by the address of their first byte, whatever their position is.
 */
interface LibC extends Library {
  LibC INSTANCE = Native.load(Platform.C_LIBRARY_NAME, LibC.class);

  int EINTR = 4;
  int EAGAIN = 11;

  int O_RDWR = 2;
  int O_NONBLOCK = 0x800;
  int O_CLOEXEC = 0x80000;
  int F_SETFD = 2;
  int F_GETFL = 3;
  int F_SETFL = 4;
  int F_SETPIPE_SZ = 1031;
  int FD_CLOEXEC = 1;

  short POLLIN = 1;
  short POLLOUT = 4;
  short POLLERR = 8;
  short POLLHUP = 16;

  short POSIX_SPAWN_SETSIGDEF = 0x04;
  short POSIX_SPAWN_SETSIGMASK = 0x08;
  short POSIX_SPAWN_SETSID = 0x80;

  NativeLong TIOCSWINSZ = new NativeLong(0x5414);

  int pipe2(int[] ends, int flags);

  int eventfd(int initial, int flags);

  int close(int fd);

  int fcntl(int fd, int command, int argument);

  int ioctl(int fd, NativeLong request, Pointer argument);

  int poll(Pointer descriptors, NativeLong count, int timeout);

  NativeLong read(int fd, ByteBuffer buffer, NativeLong size);

  NativeLong write(int fd, ByteBuffer buffer, NativeLong size);

  int tcgetattr(int fd, Pointer termios);

  int tcsetattr(int fd, int when, Pointer termios);

  int kill(int pid, int signal);

  int waitpid(int pid, IntByReference status, int options);

  int sigemptyset(Pointer set);

  int sigfillset(Pointer set);

  int posix_spawnattr_init(Pointer attributes);

  int posix_spawnattr_setflags(Pointer attributes, short flags);

  int posix_spawnattr_setsigmask(Pointer attributes, Pointer set);

  int posix_spawnattr_setsigdefault(Pointer attributes, Pointer set);

  int posix_spawnattr_destroy(Pointer attributes);

  int posix_spawn_file_actions_init(Pointer actions);

  int posix_spawn_file_actions_adddup2(Pointer actions, int from, int to);

  int posix_spawn_file_actions_addopen(
      Pointer actions, int fd, String path, int flags, int permissions);

  int posix_spawn_file_actions_addchdir_np(Pointer actions, String path);

  int posix_spawn_file_actions_addclosefrom_np(Pointer actions, int first);

  int posix_spawn_file_actions_destroy(Pointer actions);

  int posix_spawn(
      IntByReference pid,
      String path,
      Pointer actions,
      Memory attributes,
      StringArray arguments,
      StringArray environment);

  String strerror(int error);
}
