package dev.converge.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;

/** A secret as the bytes of a key; never shown. */
public final class Secret {
  private static final int MOST = 64 << 10;

  private final byte[] bytes;

  private Secret(String option, byte[] bytes) {
    if (bytes.length == 0) {
      throw new IllegalArgumentException(option + ": the secret is empty");
    }
    this.bytes = bytes;
  }

  /**
   * The UTF-8 bytes of {@code text}.
   *
   * @param option where it stood, for the message
   * @throws IllegalArgumentException if it is empty
   */
  public static Secret of(String option, String text) {
    return new Secret(option, text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * The bytes of a file without the line ends behind them.
   *
   * @throws Failure if the file cannot be read
   * @throws IllegalArgumentException if nothing is in it
   */
  static Secret in(String option, Path file) {
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(MOST + 1);
    } catch (NoSuchFileException e) {
      throw new Failure(option + ": " + file + ": no such file", e);
    } catch (IOException e) {
      throw new Failure(option + ": " + file + ": not readable", e);
    }
    if (bytes.length > MOST) {
      throw new Failure(option + ": " + file + ": more than " + MOST + " bytes");
    }
    int length = bytes.length;
    while (length > 0 && (bytes[length - 1] == '\n' || bytes[length - 1] == '\r')) {
      length--;
    }
    return new Secret(option + ": " + file, Arrays.copyOf(bytes, length));
  }

  public byte[] bytes() {
    return bytes.clone();
  }

  /** In bytes. */
  public int length() {
    return bytes.length;
  }

  @Override
  public String toString() {
    return "Secret";
  }
}
