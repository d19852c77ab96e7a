package dev.converge.agent;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * What a terminal makes of keys while nobody has put it into another mode: lines that are shown as
 * they are typed and can be corrected until they are sent, and keys that stand for signals
 * (POSIX.1, chapter 11: canonical mode). No I/O of its own; for one thread.
 */
final class LineDiscipline {
  private static final int END = 'D' & 0x1f;
  private static final int INTERRUPT = 'C' & 0x1f;
  private static final int BELL = 'G' & 0x1f;
  private static final int BACKSPACE = 'H' & 0x1f;
  private static final int KILL_LINE = 'U' & 0x1f;
  private static final int ERASE_WORD = 'W' & 0x1f;
  private static final int SUSPEND = 'Z' & 0x1f;
  private static final int QUIT = '\\' & 0x1f;
  private static final int DELETE = 0x7f;
  private static final int LONGEST_LINE = 64 * 1024;

  /** Where it all goes. */
  interface Ends {
    /** Shows something. */
    void echo(byte[] bytes);

    /** Input for the program, as a rule one line. */
    void send(byte[] bytes);

    /** A key that stands for a signal; the number is Linux's. */
    void signal(int number);

    /** No more input. */
    void end();
  }

  private final Ends ends;
  private final byte[] line = new byte[LONGEST_LINE];
  private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
  private int length;
  private boolean afterReturn;

  LineDiscipline(Ends ends) {
    this.ends = ends;
  }

  void type(byte[] keys) {
    for (byte key : keys) {
      boolean secondOfReturn = key == '\n' && afterReturn;
      afterReturn = key == '\r';
      if (!secondOfReturn) {
        type(key);
      }
    }
    show();
  }

  /** What one packet of keys shows is one packet too, unless something happens in between. */
  private void show() {
    if (shown.size() > 0) {
      ends.echo(shown.toByteArray());
      shown.reset();
    }
  }

  private void type(byte key) {
    switch (key) {
      case '\r', '\n' -> finish();
      case END -> end();
      case INTERRUPT -> signal(Signals.INT, "^C");
      case QUIT -> signal(Signals.QUIT, "^\\");
      case BACKSPACE, DELETE -> erase();
      case ERASE_WORD -> eraseWord();
      case KILL_LINE -> eraseTo(0);
      case SUSPEND -> echo((char) BELL + "");
      default -> add(key);
    }
  }

  private void finish() {
    line[length++] = '\n';
    echo("\r\n");
    send();
  }

  private void end() {
    if (length == 0) {
      show();
      ends.end();
    } else {
      send();
    }
  }

  private void send() {
    byte[] whole = new byte[length];
    System.arraycopy(line, 0, whole, 0, length);
    length = 0;
    show();
    ends.send(whole);
  }

  private void signal(int number, String key) {
    length = 0;
    echo(key + "\r\n");
    show();
    ends.signal(number);
  }

  private void add(byte key) {
    if (length == LONGEST_LINE - 1) {
      echo((char) BELL + "");
      return;
    }
    line[length++] = key;
    if (isControl(key)) {
      shown.write('^');
    }
    shown.write(isControl(key) ? key ^ 0x40 : key);
  }

  private void erase() {
    if (length > 0) {
      eraseTo(startOfLastCharacter());
    }
  }

  private void eraseWord() {
    int start = length;
    while (start > 0 && line[start - 1] == ' ') {
      start--;
    }
    while (start > 0 && line[start - 1] != ' ') {
      start--;
    }
    eraseTo(start);
  }

  private void eraseTo(int start) {
    var wiped = new StringBuilder();
    while (length > start) {
      length = startOfLastCharacter();
      wiped.append(isControl(line[length]) ? "\b \b\b \b" : "\b \b");
    }
    echo(wiped.toString());
  }

  /** Of a character in UTF-8, all bytes but the first begin with the bits 10. */
  private int startOfLastCharacter() {
    int start = length - 1;
    while (start > 0 && (line[start] & 0xc0) == 0x80) {
      start--;
    }
    return start;
  }

  private static boolean isControl(byte key) {
    return key >= 0 && key < ' ' && key != '\t';
  }

  private void echo(String text) {
    shown.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
  }

  /** Output as a terminal wants it: each line feed with a carriage return. */
  static byte[] forScreen(byte[] output) {
    var screen = new ByteArrayOutputStream(output.length + 16);
    for (byte next : output) {
      if (next == '\n') {
        screen.write('\r');
      }
      screen.write(next);
    }
    return screen.toByteArray();
  }
}
