package dev.converge.tunnel;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * A file in PEM (RFC 7468): pieces of DER between lines that name them. Text between the pieces is
 * passed over.
 */
final class Pem {
  private static final String BEGIN = "-----BEGIN ";
  private static final String END = "-----END ";
  private static final String DASHES = "-----";

  private Pem() {}

  /**
   * One piece.
   *
   * @param encrypted whether it is sealed with a password (RFC 1421, section 4.6.1.1)
   */
  @SuppressWarnings("ArrayRecordComponent") // nobody compares them
  record Block(String label, byte[] der, boolean encrypted) {}

  /**
   * @throws IOException if the file cannot be read or is cut off; the message says only what is
   *     wrong, not with which file
   */
  static List<Block> read(Path file) throws IOException {
    try {
      return parse(Files.readString(file, StandardCharsets.ISO_8859_1));
    } catch (NoSuchFileException e) {
      throw new IOException("no such file", e);
    } catch (MalformedException e) {
      throw e;
    } catch (IOException e) {
      throw new IOException("not readable: " + Causes.text(e), e);
    }
  }

  static List<Block> parse(String text) throws IOException {
    List<Block> blocks = new ArrayList<>();
    List<String> lines = text.lines().map(String::strip).toList();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (line.startsWith(BEGIN) && line.endsWith(DASHES) && line.length() > BEGIN.length() + 5) {
        String label = line.substring(BEGIN.length(), line.length() - DASHES.length());
        int end = lines.subList(i, lines.size()).indexOf(END + label + DASHES);
        if (end < 0) {
          throw new MalformedException(
              "'" + Text.excerpt(line) + "' has no end: the file is cut off");
        }
        blocks.add(block(label, lines.subList(i + 1, i + end)));
        i += end;
      }
    }
    return blocks;
  }

  private static Block block(String label, List<String> lines) throws IOException {
    StringBuilder base64 = new StringBuilder();
    boolean encrypted = label.startsWith("ENCRYPTED ");
    for (String line : lines) {
      encrypted |= line.startsWith("Proc-Type:") && line.endsWith("ENCRYPTED");
      if (line.indexOf(':') < 0) {
        base64.append(line);
      }
    }
    try {
      return new Block(label, Base64.getDecoder().decode(base64.toString()), encrypted);
    } catch (IllegalArgumentException e) {
      throw new MalformedException("what it calls '" + Text.excerpt(label) + "' is not base64");
    }
  }

  /** The file can be read but is not what it should be. */
  private static final class MalformedException extends IOException {
    private static final long serialVersionUID = 1;

    MalformedException(String message) {
      super(message);
    }
  }
}
