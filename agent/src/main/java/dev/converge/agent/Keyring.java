package dev.converge.agent;

import dev.converge.cli.Failure;
import java.security.PublicKey;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.sshd.common.config.keys.OpenSshCertificate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All keys that let in: of files, of places they are fetched from, and of certificates. */
final class Keyring {
  private static final Logger LOG = LoggerFactory.getLogger(Keyring.class);
  private static final Duration FETCH_TIME = Duration.ofSeconds(5);

  private final List<AuthorizedKeys> files;
  private final @Nullable FetchedKeys fetched;
  private final UserAuthorities authorities;

  /**
   * Reads and fetches them; not for an event loop.
   *
   * @param alone whether nobody can log in without a key
   * @throws Failure if a file cannot be read, or nobody could log in because nothing was fetched
   */
  Keyring(KeyConfig config, boolean alone, TimeSource time) {
    files = config.files().stream().map(AuthorizedKeys::new).toList();
    authorities = new UserAuthorities(config.authorities(), config.principals(), time.wall());
    boolean others = !alone || !files.isEmpty() || !config.authorities().isEmpty();
    fetched = config.urls().isEmpty() ? null : fetched(config, others, time);
  }

  private static FetchedKeys fetched(KeyConfig config, boolean others, TimeSource time) {
    KeyFetch fetch = new KeyFetch(config.connect(), FETCH_TIME);
    FetchedKeys keys = new FetchedKeys(config.urls(), fetch::get, time.nanos());
    List<String> failures = keys.fetchAll();
    if (failures.size() == config.urls().size() && !others) {
      throw new Failure("nobody could log in: " + String.join("; ", failures));
    }
    failures.forEach(LOG::warn);
    return keys;
  }

  /**
   * How the owner of a key gets in, if so. May take as long as one fetch; not for an event loop.
   */
  Optional<Admission> find(PublicKey key) {
    if (key instanceof OpenSshCertificate certificate) {
      return authorities.find(certificate);
    }
    Optional<Admission> ofFile =
        files.stream().flatMap(file -> admission(file, key).stream()).findFirst();
    return ofFile.isPresent() || fetched == null ? ofFile : fetched.find(key);
  }

  private static Optional<Admission> admission(AuthorizedKeys file, PublicKey key) {
    return file.find(key).map(allowed -> Admission.byKey(key, file.toString(), allowed));
  }
}
