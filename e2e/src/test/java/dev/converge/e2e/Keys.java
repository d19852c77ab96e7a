package dev.converge.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Key pairs made by {@code ssh-keygen}. */
final class Keys {
  private Keys() {}

  /** Makes a key pair in {@code directory} and returns the private key; .pub is beside it. */
  static Path make(Path directory, String name) {
    Path key = directory.resolve(name);
    Child.start(
            directory,
            Map.of(),
            List.of(
                "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", key.toString()))
        .success();
    return key;
  }

  /** An authorized_keys file with the public halves of these keys. */
  static Path authorize(Path directory, Path... privateKeys) {
    try {
      Path file = directory.resolve("authorized_keys");
      StringBuilder lines = new StringBuilder();
      for (Path key : privateKeys) {
        lines.append(Files.readString(Path.of(key + ".pub")));
      }
      return Files.writeString(file, lines);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
