package dev.converge.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sessions for showing something to many, who change nothing. */
final class ReadOnlyIT {
  @TempDir Path temp;

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      return all.map(path -> directory.relativize(path).toString()).sorted().toList();
    }
  }

  @Test
  void guestReadsEverythingAndWritesNothing() throws IOException {
    Tool.require("sftp", "scp", "rsync", "git");
    try (Stage stage = Stage.open(temp, "--read-only")) {
      OpenSsh ssh = stage.via(Route.TCPTOWS);
      Path file = Files.writeString(stage.work().resolve("file"), "content\n");
      Files.writeString(stage.home().resolve("mine"), "mine\n");
      List<String> before = names(stage.work());

      ssh.sftp("get file by-sftp\n").success();
      ssh.scp("-O", ":file", "by-scp").success();
      assertThat(stage.home().resolve("by-sftp")).hasSameTextualContentAs(file);
      assertThat(stage.home().resolve("by-scp")).hasSameTextualContentAs(file);

      Child command = ssh.ssh("touch made");
      assertThat(command.exit()).isEqualTo(1);
      assertThat(command.err()).contains("converge: this session is read-only: no commands");
      Child sftp =
          ssh.sftp(
              """
              -put mine
              -put mine file
              -rm file
              -rename file made
              -mkdir made
              -chmod 777 file
              -ln file made
              -ln -s file made
              """);
      sftp.exit();
      assertThat(sftp.err().split("(?i)permission denied|read-only", -1)).hasSizeGreaterThan(8);
      assertThat(ssh.scp("-O", "mine", ":made").exit()).isEqualTo(1);
      assertThat(ssh.scp("-s", "mine", ":made").exit()).isEqualTo(1);
      assertThat(ssh.rsync("mine", ":made").exit()).isNotZero();
      assertThat(ssh.git(stage.home(), "clone", "-q", "abc@localhost:x", "x").exit()).isNotZero();
      assertThat(ssh.ssh("-W127.0.0.1:" + stage.relay().port()).exit()).isEqualTo(255);

      assertThat(names(stage.work())).isEqualTo(before);
      assertThat(file).hasContent("content\n");
    }
  }

  @Test
  void demonstrationIsSeenAndNotTouched() {
    String show = "while :; do echo tick; read -t 1 line && echo \"got $line\"; done";
    try (Stage stage = Stage.open(temp, "--read-only", "--force-command", show);
        Terminal guest =
            Terminal.start(stage.via(Route.WSPROXY).command("-tt", "touch made"), 80, 24)) {
      guest.await("tick").type("hello\n\u0003\u0004").await("tick").await("tick");
      assertThat(guest.screen()).doesNotContain("got");
      guest.type("\r~.");
      assertThat(guest.exit()).isEqualTo(255);
      assertThat(stage.work().resolve("made")).doesNotExist();
    }
  }
}
