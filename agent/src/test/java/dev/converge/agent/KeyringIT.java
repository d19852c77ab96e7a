package dev.converge.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.converge.cli.Failure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class KeyringIT {
  private static final String NOWHERE = "http://127.0.0.1:1/k";

  @TempDir Path folder;

  private static void open(KeyConfig config, boolean alone) {
    assertThat(new Keyring(config, alone, TimeSource.system())).isNotNull();
  }

  @Test
  void doorThatNobodyCouldOpenIsAFailure() {
    assertThatExceptionOfType(Failure.class)
        .isThrownBy(() -> open(KeyConfigs.fetching(NOWHERE, NOWHERE + "2"), true))
        .withMessage(
            "nobody could log in: no keys of http://127.0.0.1:1/k: connection refused;"
                + " no keys of http://127.0.0.1:1/k2: connection refused");
  }

  @Test
  void anyOtherWayInIsEnough() throws Exception {
    Path empty = Files.writeString(folder.resolve("empty"), "");
    KeyUrl nowhere = KeyUrl.parse(NOWHERE);
    List<Path> file = List.of(empty);
    open(KeyConfigs.fetching(NOWHERE), false);
    open(new KeyConfig(file, List.of(nowhere), List.of(), List.of(), KeyConfigs.DIRECT), true);
    open(new KeyConfig(List.of(), List.of(nowhere), file, List.of(), KeyConfigs.DIRECT), true);
    try (KeyServer server = new KeyServer()) {
      server.publish("/k", "");
      open(KeyConfigs.fetching(NOWHERE, server.url("/k")), true);
      assertThat(server.requests).hasSize(1);
    }
  }

  @Test
  void authorityThatCannotBeReadIsAFailure() {
    assertThatExceptionOfType(Failure.class)
        .isThrownBy(() -> open(KeyConfigs.signedBy(folder.resolve("none")), false))
        .withMessageContaining("trusted user CA: cannot read")
        .withMessageContaining("none");
  }

  @Test
  void keyThatIsPublishedGetsInAndAnotherDoesNot() throws Exception {
    try (KeyServer server = new KeyServer()) {
      server.publish("/k", "");
      KeyConfig keys = KeyConfigs.fetching(server.url("/k"), NOWHERE);
      try (var fixture =
          new SshFixture(
              folder,
              config -> {
                server.publish("/k", read(folder.resolve("key.pub")));
                return new SshConfig(
                    config.directory(), keys, null, null, null, true, config.environment());
              })) {
        assertThat(fixture.ssh("echo in").output()).isEqualTo("in\n");
        Path other = fixture.newKey("other", "ed25519");
        var both = fixture.sshCommand("-i", other.toString(), "abc@127.0.0.1", "echo in");
        both.remove(both.indexOf("-i") + 1);
        both.remove("-i");
        var refused = fixture.execute(both, Map.of(), "");
        assertThat(refused.error()).contains("Permission denied (publickey)");
        assertThat(server.requests).as("not again within a minute").hasSize(1);
      }
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (java.io.IOException e) {
      throw new AssertionError(e);
    }
  }
}
