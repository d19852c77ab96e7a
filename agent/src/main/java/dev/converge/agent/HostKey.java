package dev.converge.agent;

import dev.converge.cli.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.util.Iterator;
import java.util.Set;
import org.apache.sshd.common.NamedResource;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.common.util.security.SecurityUtils;
import org.jspecify.annotations.Nullable;

/** Who the server proves to be. */
final class HostKey {
  private static final Set<PosixFilePermission> OF_OTHERS =
      Set.of(
          PosixFilePermission.GROUP_READ,
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE);

  private HostKey() {}

  /** The key of a file, or a new one. */
  static KeyPair get(@Nullable Path file) {
    try {
      return file == null ? KeyUtils.generateKeyPair(KeyPairProvider.SSH_ED25519, 256) : read(file);
    } catch (GeneralSecurityException | IOException e) {
      throw new Failure("host key: " + (file == null ? "cannot make one" : file) + reason(e), e);
    }
  }

  private static KeyPair read(Path file) throws IOException, GeneralSecurityException {
    refuseOpenPermissions(file);
    try (InputStream in = Files.newInputStream(file)) {
      Iterable<KeyPair> pairs =
          SecurityUtils.loadKeyPairIdentities(
              null,
              NamedResource.ofName(file.toString()),
              in,
              (session, resource, retry) -> {
                throw new Failure(
                    "host key: " + file + " needs a passphrase (expected: a key without)");
              });
      Iterator<KeyPair> found = pairs == null ? null : pairs.iterator();
      if (found == null || !found.hasNext()) {
        throw new Failure("host key: " + file + " has no private key (expected: OpenSSH or PEM)");
      }
      return found.next();
    }
  }

  private static void refuseOpenPermissions(Path file) throws IOException {
    Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
    if (permissions.stream().anyMatch(OF_OTHERS::contains)) {
      throw new Failure("host key: others can read or write " + file + "; run chmod 600 " + file);
    }
  }

  private static String reason(Exception e) {
    return e instanceof NoSuchFileException ? ": no such file" : " (" + e.getMessage() + ")";
  }
}
