package dev.converge.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.sshd.client.ClientBuilder;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.keyverifier.AcceptAllServerKeyVerifier;
import org.apache.sshd.common.NamedFactory;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.kex.BuiltinDHFactories;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
final class LoginIT {
  @TempDir Path folder;

  private static SshConfig passwordToo(SshConfig config) {
    return new SshConfig(config.directory(), config.keys(), "s3cret", null, null, true, Map.of());
  }

  private static SshConfig passwordOnly(SshConfig config) {
    return new SshConfig(config.directory(), KeyConfigs.NONE, "s3cret", null, null, true, Map.of());
  }

  @Test
  void keyOfTheFileGetsInAndIsCountedOnce() throws Exception {
    try (var fixture = new SshFixture(folder)) {
      assertThat(fixture.ssh("echo in").output()).isEqualTo("in\n");
      Awaitility.await().until(() -> fixture.events.clients, clients -> clients.size() == 2);
      String client = fixture.events.clients.get(0).substring("in ".length());
      assertThat(fixture.events.clients).containsExactly("in " + client, "left " + client);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"rsa", "ecdsa", "ed25519"})
  void keysOfAllKindsGetIn(String type) throws Exception {
    try (var fixture = new SshFixture(folder)) {
      Path other = fixture.newKey("other-" + type, type);
      Files.copy(
          Path.of(other + ".pub"),
          folder.resolve("authorized_keys"),
          java.nio.file.StandardCopyOption.REPLACE_EXISTING);
      var command = fixture.sshCommand("-i", other.toString(), "abc@127.0.0.1", "echo in");
      assertThat(fixture.execute(command, Map.of(), "").output()).isEqualTo("in\n");
    }
  }

  @Test
  void keyThatLeftTheFileIsRefusedAtTheNextLogin() throws Exception {
    try (var fixture = new SshFixture(folder)) {
      assertThat(fixture.ssh("true").code()).isZero();
      Files.writeString(folder.resolve("authorized_keys"), "# nobody\n");
      var result = fixture.ssh("true");
      assertThat(result.code()).isEqualTo(255);
      assertThat(result.error()).contains("Permission denied (publickey)");
    }
  }

  @Test
  void onlyConfiguredMethodsAreOffered() throws Exception {
    try (var fixture = new SshFixture(folder, LoginIT::passwordOnly)) {
      assertThat(fixture.ssh("true").error()).contains("Permission denied (password)");
    }
  }

  @Test
  void passwordGetsInAndAWrongOneDoesNot() throws Exception {
    try (var fixture = new SshFixture(folder, LoginIT::passwordToo)) {
      assertThat(fixture.sshWithPassword("abc", "s3cret", "echo in").output()).isEqualTo("in\n");
      var refused = fixture.sshWithPassword("abc", "wrong", "echo in");
      assertThat(refused.code()).isEqualTo(255);
      assertThat(refused.error()).contains("Permission denied (publickey,password)");
      assertThat(fixture.events.clients).noneMatch(event -> event.contains("wrong"));
    }
  }

  @Test
  void otherUsersAreRefusedAsIfTheirKeyWasWrong() throws Exception {
    try (var fixture = new SshFixture(folder, LoginIT::passwordToo)) {
      var key = fixture.sshCommand("-o", "BatchMode=yes", "root@127.0.0.1", "true");
      assertThat(fixture.execute(key, Map.of(), "").error())
          .contains("Permission denied (publickey,password)");
      assertThat(fixture.sshWithPassword("root", "s3cret", "true").code()).isEqualTo(255);
    }
  }

  @Test
  void lineWithAnUnknownOptionLetsNobodyInAndTheNextStillDoes() throws Exception {
    try (var fixture = new SshFixture(folder)) {
      Path keys = folder.resolve("authorized_keys");
      String line = Files.readString(keys);
      Files.writeString(keys, "from=\"10.0.0.0/8\" " + line);
      assertThat(fixture.ssh("true").code()).isEqualTo(255);
      Files.writeString(keys, "from=\"10.0.0.0/8\" " + line + "garbage\n" + line);
      assertThat(fixture.ssh("true").code()).isZero();
    }
  }

  @Test
  void forcedCommandRunsInsteadOfAllElse() throws Exception {
    try (var fixture = new SshFixture(folder)) {
      Path keys = folder.resolve("authorized_keys");
      Files.writeString(
          keys, "restrict,command=\"echo forced $SSH_ORIGINAL_COMMAND\" " + Files.readString(keys));
      assertThat(fixture.ssh("rm -rf x").output()).isEqualTo("forced rm -rf x\n");
      var sftp = fixture.command("ssh", "-p", "-s", "abc@127.0.0.1", "sftp");
      assertThat(fixture.execute(sftp, Map.of(), "").output()).isEqualTo("forced internal-sftp\n");
      var shell = fixture.sshCommand("abc@127.0.0.1");
      assertThat(fixture.execute(shell, Map.of(), "").output()).isEqualTo("forced\n");
      var pty = fixture.sshCommand("-tt", "abc@127.0.0.1");
      assertThat(fixture.execute(pty, Map.of(), "").error())
          .contains("PTY allocation request failed");
      var forward =
          fixture.sshCommand("-v", "-W", "127.0.0.1:" + fixture.server.port(), "abc@127.0.0.1");
      assertThat(fixture.execute(forward, Map.of(), "").error()).contains("prohibited");
    }
  }

  @Test
  void hostKeyIsTheOneThatClientsSee() throws Exception {
    try (var fixture = new SshFixture(folder)) {
      fixture.ssh("true");
      assertThat(folder.resolve("known_hosts"))
          .content()
          .contains(PublicKeyEntry.toString(fixture.endpoint.hostKey()));
    }
  }

  @Test
  void exchangeIsPostQuantumAndTheCipherFast() throws Exception {
    try (var fixture = new SshFixture(folder)) {
      var verbose = fixture.sshCommand("-v", "abc@127.0.0.1", "true");
      String log = fixture.execute(verbose, Map.of(), "").error();
      assertThat(log)
          .containsPattern("kex: algorithm: (mlkem768x25519|sntrup761x25519)")
          .contains("aes128-gcm@openssh.com")
          .contains("remote software version Converge");
    }
  }

  /** The OpenSSH at hand may be too old for this one, which its newer versions prefer. */
  @Test
  void exchangeOfNewerClientsWorksToo() throws Exception {
    try (var fixture = new SshFixture(folder, LoginIT::passwordToo);
        SshClient client = SshClient.setUpDefaultClient()) {
      client.setServerKeyVerifier(AcceptAllServerKeyVerifier.INSTANCE);
      client.setKeyExchangeFactories(
          NamedFactory.setUpTransformedFactories(
              false, List.of(BuiltinDHFactories.mlkem768x25519), ClientBuilder.DH2KEX));
      client.start();
      var session =
          client
              .connect(Login.USER, "127.0.0.1", fixture.server.port())
              .verify(Duration.ofSeconds(20))
              .getSession();
      session.addPasswordIdentity("s3cret");
      session.auth().verify(Duration.ofSeconds(20));
      assertThat(session.executeRemoteCommand("echo in")).isEqualTo("in\n");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "KexAlgorithms=diffie-hellman-group14-sha1",
        "KexAlgorithms=diffie-hellman-group1-sha1",
        "Ciphers=aes128-cbc",
        "Ciphers=3des-cbc",
        "HostKeyAlgorithms=ssh-rsa"
      })
  void oldAlgorithmsAreRefused(String option) throws Exception {
    try (var fixture = new SshFixture(folder)) {
      var command = fixture.sshCommand("-v", "-o", option, "abc@127.0.0.1", "true");
      assertThat(fixture.execute(command, Map.of(), "").error()).contains("no matching");
    }
  }
}
