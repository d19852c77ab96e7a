package dev.converge.agent;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import java.util.Map;
import java.util.Set;
import org.apache.sshd.common.channel.PtyMode;

/** SSH's encoded terminal modes (RFC 4254, section 8) as Linux's {@code struct termios}. */
final class TerminalModes {
  private static final int INPUT = 0;
  private static final int OUTPUT = 4;
  private static final int CONTROL = 8;
  private static final int LOCAL = 12;
  private static final int CHARACTERS = 17;
  private static final int SIZE = 60;
  private static final int CHARACTER_SIZE = 0x30;
  private static final int DISABLED = 255;

  private static final Map<PtyMode, Integer> CHARACTER_INDEX =
      Map.ofEntries(
          Map.entry(PtyMode.VINTR, 0),
          Map.entry(PtyMode.VQUIT, 1),
          Map.entry(PtyMode.VERASE, 2),
          Map.entry(PtyMode.VKILL, 3),
          Map.entry(PtyMode.VEOF, 4),
          Map.entry(PtyMode.VSWTCH, 7),
          Map.entry(PtyMode.VSTART, 8),
          Map.entry(PtyMode.VSTOP, 9),
          Map.entry(PtyMode.VSUSP, 10),
          Map.entry(PtyMode.VEOL, 11),
          Map.entry(PtyMode.VREPRINT, 12),
          Map.entry(PtyMode.VDISCARD, 13),
          Map.entry(PtyMode.VWERASE, 14),
          Map.entry(PtyMode.VLNEXT, 15),
          Map.entry(PtyMode.VEOL2, 16));

  private record Flag(int word, int bit) {}

  private static final Map<PtyMode, Flag> FLAGS =
      Map.ofEntries(
          Map.entry(PtyMode.IGNPAR, new Flag(INPUT, 0x4)),
          Map.entry(PtyMode.PARMRK, new Flag(INPUT, 0x8)),
          Map.entry(PtyMode.INPCK, new Flag(INPUT, 0x10)),
          Map.entry(PtyMode.ISTRIP, new Flag(INPUT, 0x20)),
          Map.entry(PtyMode.INLCR, new Flag(INPUT, 0x40)),
          Map.entry(PtyMode.IGNCR, new Flag(INPUT, 0x80)),
          Map.entry(PtyMode.ICRNL, new Flag(INPUT, 0x100)),
          Map.entry(PtyMode.IUCLC, new Flag(INPUT, 0x200)),
          Map.entry(PtyMode.IXON, new Flag(INPUT, 0x400)),
          Map.entry(PtyMode.IXANY, new Flag(INPUT, 0x800)),
          Map.entry(PtyMode.IXOFF, new Flag(INPUT, 0x1000)),
          Map.entry(PtyMode.IMAXBEL, new Flag(INPUT, 0x2000)),
          Map.entry(PtyMode.IUTF8, new Flag(INPUT, 0x4000)),
          Map.entry(PtyMode.ISIG, new Flag(LOCAL, 0x1)),
          Map.entry(PtyMode.ICANON, new Flag(LOCAL, 0x2)),
          Map.entry(PtyMode.XCASE, new Flag(LOCAL, 0x4)),
          Map.entry(PtyMode.ECHO, new Flag(LOCAL, 0x8)),
          Map.entry(PtyMode.ECHOE, new Flag(LOCAL, 0x10)),
          Map.entry(PtyMode.ECHOK, new Flag(LOCAL, 0x20)),
          Map.entry(PtyMode.ECHONL, new Flag(LOCAL, 0x40)),
          Map.entry(PtyMode.NOFLSH, new Flag(LOCAL, 0x80)),
          Map.entry(PtyMode.TOSTOP, new Flag(LOCAL, 0x100)),
          Map.entry(PtyMode.ECHOCTL, new Flag(LOCAL, 0x200)),
          Map.entry(PtyMode.ECHOKE, new Flag(LOCAL, 0x800)),
          Map.entry(PtyMode.PENDIN, new Flag(LOCAL, 0x4000)),
          Map.entry(PtyMode.IEXTEN, new Flag(LOCAL, 0x8000)),
          Map.entry(PtyMode.OPOST, new Flag(OUTPUT, 0x1)),
          Map.entry(PtyMode.OLCUC, new Flag(OUTPUT, 0x2)),
          Map.entry(PtyMode.ONLCR, new Flag(OUTPUT, 0x4)),
          Map.entry(PtyMode.OCRNL, new Flag(OUTPUT, 0x8)),
          Map.entry(PtyMode.ONOCR, new Flag(OUTPUT, 0x10)),
          Map.entry(PtyMode.ONLRET, new Flag(OUTPUT, 0x20)),
          Map.entry(PtyMode.PARENB, new Flag(CONTROL, 0x100)),
          Map.entry(PtyMode.PARODD, new Flag(CONTROL, 0x200)));

  private TerminalModes() {}

  static void apply(Map<PtyMode, Integer> modes, int pty) {
    try (Memory termios = new Memory(SIZE)) {
      if (LibC.INSTANCE.tcgetattr(pty, termios) != 0) {
        throw new IllegalStateException("tcgetattr: errno " + Native.getLastError());
      }
      modes.forEach((mode, value) -> set(termios, mode, value));
      LibC.INSTANCE.tcsetattr(pty, 0, termios);
    }
  }

  private static void set(Memory termios, PtyMode mode, int value) {
    Integer index = CHARACTER_INDEX.get(mode);
    Flag flag = FLAGS.get(mode);
    if (index != null) {
      termios.setByte(CHARACTERS + index, (byte) (value == DISABLED ? 0 : value));
    } else if (flag != null) {
      int word = termios.getInt(flag.word);
      termios.setInt(flag.word, value == 0 ? word & ~flag.bit : word | flag.bit);
    } else if (Set.of(PtyMode.CS7, PtyMode.CS8).contains(mode) && value != 0) {
      int bits = mode == PtyMode.CS8 ? 0x30 : 0x20;
      termios.setInt(CONTROL, (termios.getInt(CONTROL) & ~CHARACTER_SIZE) | bits);
    }
  }
}
