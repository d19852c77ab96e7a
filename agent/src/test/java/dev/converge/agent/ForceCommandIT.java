package dev.converge.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
final class ForceCommandIT {
  @TempDir Path folder;

  private SshFixture fixture(boolean readOnly, String command) throws Exception {
    return new SshFixture(
        folder, new Rules(readOnly, command, LoginLimits.USUAL), config -> config);
  }

  @Test
  void itRunsWhateverIsAskedFor() throws Exception {
    try (var fixture = fixture(false, "echo \"forced <$SSH_ORIGINAL_COMMAND>\"; cat")) {
      assertThat(fixture.ssh("input", "rm -rf x").output()).isEqualTo("forced <rm -rf x>\ninput");
      var shell = fixture.sshCommand("abc@127.0.0.1");
      assertThat(fixture.execute(shell, Map.of(), "").output()).isEqualTo("forced <>\n");
    }
  }

  @Test
  void itComesBeforeThatOfAKey() throws Exception {
    try (var fixture = fixture(false, "echo the agents")) {
      Path keys = folder.resolve("authorized_keys");
      Files.writeString(keys, "command=\"echo the keys\" " + Files.readString(keys));
      assertThat(fixture.ssh("true").output()).isEqualTo("the agents\n");
    }
  }

  @Test
  void sftpAndForwardingAreNoWayAroundIt() throws Exception {
    try (var fixture = fixture(false, "echo forced")) {
      var sftp = fixture.command("sftp", "-P", "-b", "-", "abc@127.0.0.1");
      var refused = fixture.execute(sftp, Map.of(), "ls\n");
      assertThat(refused.code()).isEqualTo(255);
      assertThat(refused.error()).contains("converge: this session runs one command only: no sftp");
      var forward =
          fixture.sshCommand("-v", "-W", "127.0.0.1:" + fixture.server.port(), "abc@127.0.0.1");
      assertThat(fixture.execute(forward, Map.of(), "").error()).contains("prohibited");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void internalSftpIsAllThereIs(boolean readOnly) throws Exception {
    try (var fixture = fixture(readOnly, "internal-sftp")) {
      Files.writeString(fixture.work.resolve("file"), "content\n");
      var sftp = fixture.command("sftp", "-P", "-q", "-b", "-", "abc@127.0.0.1");
      var got = fixture.execute(sftp, Map.of(), "get file\n");
      assertThat(got.code()).as(got.error()).isZero();
      assertThat(folder.resolve("file")).hasContent("content\n");
      assertThat(fixture.execute(sftp, Map.of(), "put file new\n").code())
          .isEqualTo(readOnly ? 1 : 0);
      assertThat(fixture.ssh("touch made").output()).isEmpty();
      assertThat(fixture.work.resolve("made")).doesNotExist();
    }
  }
}
