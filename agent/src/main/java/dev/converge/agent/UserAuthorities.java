package dev.converge.agent;

import dev.converge.cli.Failure;
import dev.converge.tunnel.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.sshd.common.config.keys.OpenSshCertificate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The authorities whose user certificates let in: files with one public key in each line, read at
 * each login. Their keys themselves let nobody in.
 */
final class UserAuthorities {
  private static final Logger LOG = LoggerFactory.getLogger(UserAuthorities.class);

  private final List<Path> files;
  private final CertificateRules rules;
  private final InstantSource clock;

  /**
   * @param principals the names of which a certificate must have one
   * @throws Failure if a file cannot be read
   */
  UserAuthorities(List<Path> files, List<String> principals, InstantSource clock) {
    this.files = files;
    this.clock = clock;
    rules = new CertificateRules(principals);
    for (Path file : files) {
      try {
        if (read(file).isEmpty()) {
          LOG.warn("{}: nobody can log in with a certificate, no line of it can be used", file);
        }
      } catch (IOException e) {
        throw new Failure("trusted user CA: cannot read " + file, e);
      }
    }
  }

  /** How the owner of a certificate gets in, if so; else the log says why not. */
  Optional<Admission> find(OpenSshCertificate certificate) {
    String name =
        "certificate \"%s\" (serial %s, CA %s)"
            .formatted(
                Text.excerpt(certificate.getId()),
                Long.toUnsignedString(certificate.getSerial()),
                Admission.fingerprint(certificate.getCaPubKey()));
    try {
      Permissions allowed = rules.check(certificate, keys(), clock.instant());
      return Optional.of(new Admission(allowed, name));
    } catch (CertificateException e) {
      LOG.info("{} is refused: {}", name, e.getMessage());
      return Optional.empty();
    }
  }

  private List<PublicKey> keys() {
    List<PublicKey> keys = new ArrayList<>();
    for (Path file : files) {
      try {
        keys.addAll(read(file));
      } catch (IOException e) {
        LOG.warn("{}: cannot be read any more, its certificates let nobody in", file);
      }
    }
    return keys;
  }

  private static List<PublicKey> read(Path file) throws IOException {
    List<PublicKey> keys = new ArrayList<>();
    for (String line : Files.readString(file).split("\n", -1)) {
      if (!line.isBlank() && !line.stripLeading().startsWith("#")) {
        authority(file, line).ifPresent(keys::add);
      }
    }
    return keys;
  }

  private static Optional<PublicKey> authority(Path file, String line) {
    try {
      KeyLine parsed = KeyLine.parse(line);
      if (!parsed.options().isEmpty() || !CertificateRules.canSign(parsed.key())) {
        throw new IllegalArgumentException("expected: an ed25519, ECDSA or RSA key, no options");
      }
      return Optional.of(parsed.key());
    } catch (IllegalArgumentException e) {
      LOG.warn("{}: a line is refused: {}", file, Text.excerpt(String.valueOf(e.getMessage())));
      return Optional.empty();
    }
  }
}
