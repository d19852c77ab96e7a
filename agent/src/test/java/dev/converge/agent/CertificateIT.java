package dev.converge.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyPair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.keyverifier.AcceptAllServerKeyVerifier;
import org.apache.sshd.common.NamedResource;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.config.keys.PublicKeyEntryResolver;
import org.apache.sshd.common.util.security.SecurityUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Certificates made by ssh-keygen, shown by ssh. */
@Timeout(120)
final class CertificateIT {
  /** A byte of it in the blob of an ed25519 certificate, which can be anything. */
  private static final int NONCE = 60;

  @TempDir Path folder;

  private SshFixture fixture() throws Exception {
    Path authorities = Files.writeString(folder.resolve("authorities"), "");
    KeyConfig keys = KeyConfigs.signedBy(authorities, "abc");
    SshFixture fixture =
        new SshFixture(
            folder,
            config ->
                new SshConfig(
                    config.directory(), keys, null, null, null, true, config.environment()));
    fixture.newKey("ca", "ed25519");
    Files.copy(folder.resolve("ca.pub"), authorities, StandardCopyOption.REPLACE_EXISTING);
    return fixture;
  }

  /** Leaves a certificate beside the key that ssh uses. */
  private void sign(SshFixture fixture, String ca, String... options) throws Exception {
    List<String> command = new ArrayList<>(List.of("ssh-keygen", "-q", "-I", "id"));
    command.addAll(List.of("-s", folder.resolve(ca).toString()));
    command.addAll(List.of(options));
    command.add(folder.resolve("key.pub").toString());
    assertThat(fixture.execute(command, Map.of(), "").code()).isZero();
  }

  private void assertRefused(SshFixture fixture, String ca, String... options) throws Exception {
    sign(fixture, ca, options);
    assertRefused(fixture, List.of(options).toString());
  }

  private static void assertRefused(SshFixture fixture, String what) throws Exception {
    var result = fixture.ssh("true");
    assertThat(result.code()).as(what).isEqualTo(255);
    assertThat(result.error()).as(what).contains("Permission denied (publickey)");
  }

  private static void assertAdmitted(SshFixture fixture) throws Exception {
    var result = fixture.ssh("echo in");
    assertThat(result.output()).as(result.error()).isEqualTo("in\n");
  }

  @Test
  void certificateForTheUserNowGetsInAndEachOtherIsRefused() throws Exception {
    try (var fixture = fixture()) {
      assertRefused(fixture, "the key without a certificate");
      sign(fixture, "ca", "-n", "x,abc", "-V", "-1m:+1h");
      assertAdmitted(fixture);

      assertRefused(fixture, "ca", "-n", "abc", "-V", "-2h:-1h");
      assertRefused(fixture, "ca", "-n", "abc", "-V", "+1h:+2h");
      assertRefused(fixture, "ca", "-n", "root");
      assertRefused(fixture, "ca");
      assertRefused(fixture, "ca", "-n", "abc", "-h");
      assertRefused(fixture, "ca", "-n", "abc", "-O", "source-address=127.0.0.1/32");
      assertRefused(fixture, "ca", "-n", "abc", "-O", "source-address=192.0.2.0/24");
      assertRefused(fixture, "ca", "-n", "abc", "-O", "verify-required");
      assertRefused(fixture, "ca", "-n", "abc", "-O", "critical:x@example.org=y");
      fixture.newKey("other", "ed25519");
      assertRefused(fixture, "other", "-n", "abc");
      assertRefused(fixture, "key", "-n", "abc");

      sign(fixture, "ca", "-n", "abc");
      assertAdmitted(fixture);
      Files.writeString(folder.resolve("authorities"), "# nobody\n");
      assertRefused(fixture, "an authority that is not trusted any more");
    }
  }

  @Test
  void keyOfTheAuthorityDoesNotGetIn() throws Exception {
    try (var fixture = fixture()) {
      var command =
          fixture.sshCommand("-i", folder.resolve("ca").toString(), "abc@127.0.0.1", "true");
      assertThat(fixture.execute(command, Map.of(), "").error()).contains("Permission denied");
    }
  }

  @Test
  void rsaAuthorityMaySignWithSha2Alone() throws Exception {
    try (var fixture = fixture()) {
      fixture.newKey("rsa", "rsa");
      Files.copy(
          folder.resolve("rsa.pub"),
          folder.resolve("authorities"),
          StandardCopyOption.REPLACE_EXISTING);
      for (String good : List.of("rsa-sha2-256", "rsa-sha2-512")) {
        sign(fixture, "rsa", "-n", "abc", "-t", good);
        assertAdmitted(fixture);
      }
      assertRefused(fixture, "rsa", "-n", "abc", "-t", "ssh-rsa");
    }
  }

  @Test
  void rsaAndEcdsaKeysGetInWithTheirCertificates() throws Exception {
    try (var fixture = fixture()) {
      for (String type : List.of("rsa", "ecdsa")) {
        Path key = fixture.newKey("mine-" + type, type);
        Files.copy(key, folder.resolve("key"), StandardCopyOption.REPLACE_EXISTING);
        Files.copy(
            Path.of(key + ".pub"), folder.resolve("key.pub"), StandardCopyOption.REPLACE_EXISTING);
        sign(fixture, "ca", "-n", "abc");
        assertAdmitted(fixture);
      }
    }
  }

  @Test
  void whatTheCertificateDoesNotPermitIsRefused() throws Exception {
    try (var fixture = fixture()) {
      sign(fixture, "ca", "-n", "abc", "-O", "clear");
      assertAdmitted(fixture);
      var pty = fixture.sshCommand("-tt", "abc@127.0.0.1", "tty");
      assertThat(fixture.execute(pty, Map.of(), "").error()).contains("PTY allocation request");
      String here = "127.0.0.1:" + fixture.server.port();
      var forward = fixture.sshCommand("-v", "-W", here, "abc@127.0.0.1");
      assertThat(fixture.execute(forward, Map.of(), "").error()).contains("prohibited");

      sign(fixture, "ca", "-n", "abc", "-O", "force-command=echo forced");
      assertThat(fixture.ssh("rm -rf x").output()).isEqualTo("forced\n");
      assertThat(fixture.execute(pty, Map.of(), "").output()).isEqualTo("forced\r\n");
    }
  }

  /** OpenSSH's client would not even show it. */
  @Test
  void forgedCertificateIsRefused() throws Exception {
    try (var fixture = fixture();
        SshClient client = SshClient.setUpDefaultClient()) {
      sign(fixture, "ca", "-n", "abc");
      client.setServerKeyVerifier(AcceptAllServerKeyVerifier.INSTANCE);
      client.start();
      String[] parts = Files.readString(folder.resolve("key-cert.pub")).split(" ", -1);
      byte[] blob = Base64.getDecoder().decode(parts[1]);

      login(client, fixture, parts[0], blob);
      for (int i : new int[] {blob.length - 1, NONCE}) {
        byte[] forged = blob.clone();
        forged[i] ^= 1;
        assertThatThrownBy(() -> login(client, fixture, parts[0], forged))
            .hasMessageContaining("No more authentication methods available");
      }
    }
  }

  private void login(SshClient client, SshFixture fixture, String type, byte[] blob)
      throws Exception {
    KeyPair key;
    try (InputStream in = Files.newInputStream(folder.resolve("key"))) {
      key =
          SecurityUtils.loadKeyPairIdentities(null, NamedResource.ofName("key"), in, null)
              .iterator()
              .next();
    }
    var shown =
        PublicKeyEntry.parsePublicKeyEntry(type + " " + Base64.getEncoder().encodeToString(blob))
            .resolvePublicKey(null, Map.of(), PublicKeyEntryResolver.FAILING);
    try (var session =
        client
            .connect(Login.USER, "127.0.0.1", fixture.server.port())
            .verify(Duration.ofSeconds(20))
            .getSession()) {
      session.addPublicKeyIdentity(new KeyPair(shown, key.getPrivate()));
      session.auth().verify(Duration.ofSeconds(20));
    }
  }
}
