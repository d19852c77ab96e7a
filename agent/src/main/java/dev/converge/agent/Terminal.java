package dev.converge.agent;

import com.sun.jna.Memory;
import java.util.Map;
import org.apache.sshd.common.channel.PtyMode;

/**
 * The terminal that a client asked for (RFC 4254, section 6.2).
 *
 * @param type the value for TERM
 */
record Terminal(String type, Size size, Map<PtyMode, Integer> modes) {
  /** In characters, and in pixels where the client knows them. */
  record Size(int columns, int rows, int width, int height) {
    void apply(int pty) {
      try (Memory winsize = new Memory(8)) {
        winsize.setShort(0, (short) rows);
        winsize.setShort(2, (short) columns);
        winsize.setShort(4, (short) width);
        winsize.setShort(6, (short) height);
        LibC.INSTANCE.ioctl(pty, LibC.TIOCSWINSZ, winsize);
      }
    }
  }

  Terminal resized(Size other) {
    return new Terminal(type, other, modes);
  }

  void apply(int pty) {
    size.apply(pty);
    TerminalModes.apply(modes, pty);
  }
}
