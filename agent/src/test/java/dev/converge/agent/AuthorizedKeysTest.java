package dev.converge.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.converge.cli.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.List;
import org.apache.sshd.certificate.OpenSshCertificateBuilder;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.OpenSshCertificate;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AuthorizedKeysTest {
  @TempDir Path folder;
  private Path file;
  private KeyPair key;
  private String line;

  @BeforeEach
  void makeKey() throws Exception {
    file = folder.resolve("keys");
    key = KeyUtils.generateKeyPair("ecdsa-sha2-nistp256", 256);
    line = PublicKeyEntry.toString(key.getPublic()) + " me@here";
  }

  private AuthorizedKeys keys(String content) throws IOException {
    return new AuthorizedKeys(Files.writeString(file, content));
  }

  @Test
  void plainLineAllowsEverything() throws Exception {
    assertThat(keys("# comment\n\n" + line + "\n").find(key.getPublic())).contains(Permissions.ALL);
  }

  @Test
  void otherKeyIsNotFound() throws Exception {
    KeyPair other = KeyUtils.generateKeyPair("ecdsa-sha2-nistp256", 256);
    assertThat(keys(line).find(other.getPublic())).isEmpty();
  }

  @Test
  void understoodOptionsNarrow() throws Exception {
    assertThat(keys("no-pty,No-Port-Forwarding,no-X11-forwarding " + line).find(key.getPublic()))
        .contains(new Permissions(false, false, true, null));
    assertThat(keys("restrict,command=\"echo \\\"a, b\\\"\" " + line).find(key.getPublic()))
        .contains(new Permissions(false, false, false, "echo \"a, b\""));
  }

  @Test
  void commandKeepsItsSpacesAndCommas() throws Exception {
    assertThat(keys("command=\"ls -l a,b\",no-pty " + line).find(key.getPublic()))
        .contains(new Permissions(false, true, true, "ls -l a,b"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "from=\"10.0.0.0/8\"",
        "expiry-time=\"20200101\"",
        "permitopen=\"host:1\"",
        "no-pty,tunnel=\"1\"",
        "verify-required",
        "cert-authority",
        "environment=\"A=b\"",
        "!restrict",
        "no-pty,no-pty",
        "no-pty no-user-rc",
        "no-pty\r",
        "no-pty=",
        "command=\"unterminated",
        "command=unquoted",
        "nonsense"
      })
  void lineWithAnOptionThatIsNotEnforcedLetsNobodyIn(String options) throws Exception {
    assertThat(keys(options + " " + line).find(key.getPublic())).isEmpty();
  }

  @Test
  void keyThatIsNotApartFromTheOptionsLetsNobodyIn() throws Exception {
    assertThat(keys("no-pty," + line).find(key.getPublic())).isEmpty();
  }

  @Test
  void brokenLineDoesNotSpoilTheOthers() throws Exception {
    String tornCertificate =
        "ssh-rsa-cert-v01@openssh.com AAAAHHNzaC1yc2EtY2VydC12MDFAb3BlbnNzaC5jb20=";
    String content = "ssh-ed25519 AAAA!!!\nfoo\n\"\n" + tornCertificate + "\n" + line;
    assertThat(keys(content).find(key.getPublic())).isPresent();
  }

  @Test
  void lineThatWouldExhaustTheParserIsOnlyRefused() throws Exception {
    String backslashes = "command=\"" + "\\".repeat(30_000) + "\" ";
    String quotes = "command=\"" + "\\\"".repeat(15_000) + "\" ";
    String endless = "command=\"" + "a".repeat(100_000) + "\" ";
    String all = backslashes + line + "\n" + quotes + line + "\n" + endless + line + "\n";
    assertThat(keys(all).find(key.getPublic())).isPresent();
    assertThat(keys(endless + line + "\n").find(key.getPublic())).isEmpty();
  }

  @Test
  void keyThatEndsEarlyOrIsBrokenIsOnlyRefused() throws Exception {
    String all = PublicKeyEntry.toString(key.getPublic());
    int blob = all.indexOf("AAAA");
    for (int i = blob + 4; i < all.length() - 4; i++) {
      String cut = all.substring(0, i);
      String broken = cut + (all.charAt(i) == '/' ? '9' : '/') + all.substring(i + 1);
      for (String bad : new String[] {cut, broken}) {
        assertThat(keys(bad + "\n").find(key.getPublic())).as(bad).isEmpty();
      }
    }
    assertThat(keys(all.substring(0, 60) + "\n" + all).find(key.getPublic())).isPresent();
  }

  @Test
  void certificateInTheFileIsNoKey() throws Exception {
    OpenSshCertificate certificate =
        OpenSshCertificateBuilder.userCertificate()
            .publicKey(key.getPublic())
            .id("me")
            .principals(List.of("abc"))
            .sign(key);
    AuthorizedKeys keys = keys(PublicKeyEntry.toString(certificate));
    assertThat(keys.find(certificate)).isEmpty();
    assertThat(keys.find(key.getPublic())).isEmpty();
  }

  @Test
  void fileIsReadAtEachLogin() throws Exception {
    AuthorizedKeys keys = keys("");
    assertThat(keys.find(key.getPublic())).isEmpty();
    Files.writeString(file, line);
    assertThat(keys.find(key.getPublic())).isPresent();
    Files.delete(file);
    assertThat(keys.find(key.getPublic())).isEmpty();
  }

  @Test
  void unreadableFileIsAFailureAtTheStart() {
    assertThatExceptionOfType(Failure.class)
        .isThrownBy(() -> new AuthorizedKeys(folder.resolve("none")))
        .withMessageContaining("none (no such file)");
  }
}
