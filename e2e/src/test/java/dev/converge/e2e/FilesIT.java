package dev.converge.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class FilesIT {
  private static final int MANY = 500;

  @TempDir static Path temp;
  private static Stage stage;

  @BeforeAll
  static void open() throws IOException {
    stage = Stage.open(temp);
    Path many = Files.createDirectory(stage.home().resolve("many"));
    Random random = new Random(1);
    for (int i = 0; i < MANY; i++) {
      byte[] content = new byte[random.nextInt(4096)];
      random.nextBytes(content);
      Files.write(many.resolve("file" + i), content);
    }
  }

  @AfterAll
  static void close() {
    stage.close();
  }

  @ParameterizedTest
  @EnumSource
  void manySmallFilesGoUpAndDownBySftp(Route route) throws IOException {
    Tool.require("sftp");
    String up = "sftp-" + route;
    String down = "back-" + route;
    stage.via(route).sftp("put -r many %s\nget -r %s %s\n".formatted(up, up, down)).success();

    assertSame(stage.home().resolve("many"), stage.work().resolve(up));
    assertSame(stage.home().resolve("many"), stage.home().resolve(down));
  }

  @ParameterizedTest
  @EnumSource
  void manySmallFilesGoUpAndDownByRsync(Route route) throws IOException {
    Tool.require("rsync");
    OpenSsh ssh = stage.via(route);
    String up = "rsync-" + route;
    ssh.rsync("-a", "many/", ":" + up).success();
    ssh.rsync("-a", ":" + up + "/", "rsync-back-" + route).success();

    assertSame(stage.home().resolve("many"), stage.work().resolve(up));
    assertSame(stage.home().resolve("many"), stage.home().resolve("rsync-back-" + route));
  }

  @ParameterizedTest
  @ValueSource(strings = {"-O", "-s"})
  void scpSpeaksBothItsProtocols(String protocol) throws IOException {
    Tool.require("scp");
    OpenSsh ssh = stage.via(Route.WSPROXY);
    String up = "scp" + protocol;
    ssh.scp(protocol, "-r", "many", ":" + up).success();
    ssh.scp(protocol, "-r", ":" + up, "scp-back" + protocol).success();

    assertSame(stage.home().resolve("many"), stage.work().resolve(up));
    assertSame(stage.home().resolve("many"), stage.home().resolve("scp-back" + protocol));
  }

  @Test
  void gitClonesFromAndPushesToTheJob() throws IOException {
    Tool.require("git");
    OpenSsh ssh = stage.via(Route.WSPROXY);
    ssh.ssh("git init -q --bare repo.git").success();
    Path clone = stage.home().resolve("clone");
    ssh.git(stage.home(), "clone", "-q", "abc@localhost:repo.git", "clone").success();
    Files.writeString(clone.resolve("fix.txt"), "the fix\n");
    ssh.git(clone, "add", "fix.txt").success();
    ssh.git(clone, "commit", "-q", "-m", "fix").success();
    ssh.git(clone, "push", "-q", "origin", "HEAD:refs/heads/fix").success();

    assertThat(ssh.ssh("git -C repo.git show fix:fix.txt").success()).isEqualTo("the fix\n");
  }

  private static void assertSame(Path expected, Path actual) throws IOException {
    for (int i = 0; i < MANY; i++) {
      String name = "file" + i;
      assertThat(Files.mismatch(expected.resolve(name), actual.resolve(name)))
          .as(name)
          .isEqualTo(-1);
    }
  }
}
