package dev.converge.agent;

import dev.converge.cli.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.sshd.common.config.keys.AuthorizedKeyEntry;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntryResolver;
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
    try {
      AuthorizedKeyEntry parsed = AuthorizedKeyEntry.parseAuthorizedKeyEntry(line);
      if (parsed == null) {
        return Optional.empty();
      }
      PublicKey key = parsed.resolvePublicKey(null, PublicKeyEntryResolver.FAILING);
      Optional<Permissions> permissions =
          Permissions.ofOptions(lowerCase(parsed.getLoginOptions()));
      if (permissions.isEmpty()) {
        LOG.warn(
            "a line of the authorized keys is refused for its options: {}",
            parsed.getLoginOptions().keySet());
      }
      return permissions.map(allowed -> new Entry(key, allowed));
    } catch (IOException | GeneralSecurityException | RuntimeException e) {
      LOG.warn("a line of the authorized keys is not understood: {}", e.getMessage());
      return Optional.empty();
    }
  }

  private static Map<String, String> lowerCase(Map<String, String> options) {
    var result = new TreeMap<String, String>();
    options.forEach((name, value) -> result.put(name.toLowerCase(Locale.ROOT), value));
    return result;
  }

  private List<String> read() throws IOException {
    return Files.readAllLines(file);
  }

  private static String reason(IOException e) {
    return e instanceof java.nio.file.NoSuchFileException
        ? "no such file"
        : e.getClass().getSimpleName();
  }
}
