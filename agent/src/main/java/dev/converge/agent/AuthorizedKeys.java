package dev.converge.agent;

import dev.converge.cli.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An {@code authorized_keys} file, read at each login. */
final class AuthorizedKeys {
  private static final Logger LOG = LoggerFactory.getLogger(AuthorizedKeys.class);

  private final Path file;

  AuthorizedKeys(Path file) {
    this.file = file;
    try {
      if (read().entries().isEmpty()) {
        LOG.warn("{}: nobody can log in with a key, no line of it can be used", file);
      }
    } catch (IOException e) {
      throw new Failure("authorized keys: cannot read " + file + " (" + reason(e) + ")", e);
    }
  }

  /** What the owner of a key may do; nothing if the file does not have the key now. */
  Optional<Permissions> find(PublicKey key) {
    try {
      return read().find(key);
    } catch (IOException e) {
      LOG.warn("{}: cannot be read any more, nobody gets in by key: {}", file, reason(e));
      return Optional.empty();
    }
  }

  private KeyList read() throws IOException {
    KeyList keys = KeyList.parse(Files.readString(file));
    if (!keys.refused().isEmpty()) {
      LOG.warn("{}: {}", file, keys.complaint());
    }
    return keys;
  }

  private static String reason(IOException e) {
    return e instanceof NoSuchFileException ? "no such file" : e.getClass().getSimpleName();
  }

  @Override
  public String toString() {
    return file.toString();
  }
}
