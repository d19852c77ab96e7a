package dev.converge.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.converge.cli.Failure;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.digest.BuiltinDigests;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HostKeyTest {
  @TempDir Path folder;

  private Path generate(String... options) throws Exception {
    Programs.require("ssh-keygen");
    Path file = folder.resolve("host");
    var command = new ArrayList<>(List.of("ssh-keygen", "-q", "-f", file.toString()));
    command.addAll(List.of(options));
    assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    return file;
  }

  private static String fingerprint(Path file) {
    return KeyUtils.getFingerPrint(BuiltinDigests.sha256, HostKey.get(file).getPublic());
  }

  @Test
  void newKeyIsEd25519AndDifferentEachTime() {
    var one = HostKey.get(null);
    assertThat(KeyUtils.getKeyType(one)).isEqualTo("ssh-ed25519");
    assertThat(one.getPublic()).isNotEqualTo(HostKey.get(null).getPublic());
  }

  @ParameterizedTest
  @CsvSource({
    "ed25519,RFC4716",
    "ecdsa,RFC4716",
    "rsa,RFC4716",
    "ecdsa,PEM",
    "rsa,PEM",
    "rsa,PKCS8"
  })
  void keysOfOpenSshAndPemAreRead(String type, String format) throws Exception {
    Path file = generate("-t", type, "-N", "", "-m", format);
    var process = new ProcessBuilder("ssh-keygen", "-lf", file + ".pub").start();
    String expected = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(expected).contains(fingerprint(file));
  }

  @Test
  void keyWithAPassphraseIsRefused() throws Exception {
    Path file = generate("-t", "ed25519", "-N", "secret");
    assertThatExceptionOfType(Failure.class)
        .isThrownBy(() -> HostKey.get(file))
        .withMessageContaining("needs a passphrase");
  }

  @Test
  void keyThatOthersCanReadIsRefused() throws Exception {
    Path file = generate("-t", "ed25519", "-N", "");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    assertThatExceptionOfType(Failure.class)
        .isThrownBy(() -> HostKey.get(file))
        .withMessageContaining("chmod 600");
  }

  @Test
  void whatIsNoKeyIsRefused() throws Exception {
    Path file = Files.writeString(folder.resolve("text"), "hello\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    assertThatExceptionOfType(Failure.class)
        .isThrownBy(() -> HostKey.get(file))
        .withMessageContaining("host key: " + file);
    assertThatExceptionOfType(Failure.class)
        .isThrownBy(() -> HostKey.get(folder.resolve("none")))
        .withMessageContaining("no such file");
  }
}
