package dev.converge.agent;

import dev.converge.cli.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.List;
import java.util.Optional;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An {@code authorized_keys} file, read at each login. A line that is not understood to its last
 * option lets nobody in; the lines after it still count.
 */
final class AuthorizedKeys {
  private static final Logger LOG = LoggerFactory.getLogger(AuthorizedKeys.class);

  private final Path file;

  AuthorizedKeys(Path file) {
    this.file = file;
    try {
      long usable = read().stream().filter(line -> entry(line).isPresent()).count();
      if (usable == 0) {
        LOG.warn("{}: nobody can log in with a key, no line of it can be used", file);
      }
    } catch (IOException e) {
      throw new Failure("authorized keys: cannot read " + file + " (" + reason(e) + ")", e);
    }
  }

  /** What the owner of a key may do; nothing if the file does not have the key now. */
  Optional<Permissions> find(PublicKey key) {
    try {
      return read().stream()
          .flatMap(line -> entry(line).stream())
          .filter(entry -> KeyUtils.compareKeys(entry.key, key))
          .map(entry -> entry.permissions)
          .findFirst();
    } catch (IOException e) {
      LOG.warn("{}: cannot be read any more, nobody gets in by key: {}", file, reason(e));
      return Optional.empty();
    }
  }

  private record Entry(PublicKey key, Permissions permissions) {}

  private static Optional<Entry> entry(String line) {
    if (line.isBlank() || line.stripLeading().startsWith("#")) {
      return Optional.empty();
    }
    try {
      KeyLine parsed = KeyLine.parse(line);
      Optional<Permissions> permissions = Permissions.ofOptions(parsed.options());
      if (permissions.isEmpty()) {
        LOG.warn("a line is refused for an option that is not enforced here: {}", parsed.options());
      }
      return permissions.map(allowed -> new Entry(parsed.key(), allowed));
    } catch (IllegalArgumentException e) {
      LOG.warn("a line of the authorized keys is not understood: {}", e.getMessage());
      return Optional.empty();
    }
  }

  private List<String> read() throws IOException {
    return Files.readAllLines(file);
  }

  private static String reason(IOException e) {
    return e instanceof NoSuchFileException ? "no such file" : e.getClass().getSimpleName();
  }
}
