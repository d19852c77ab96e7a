package dev.converge.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ShellIT {
  @TempDir Path folder;
  private SshFixture fixture;
  private Screen screen;

  @BeforeEach
  void logIn() throws Exception {
    fixture = new SshFixture(folder);
    screen = login();
  }

  private Screen login() throws Exception {
    Screen opened = new Screen(fixture.sshCommand("-tt", "abc@127.0.0.1"));
    opened.await("Touch .hold for more.");
    return opened.type("PS1='ready> '\n").await("ready> ").await("ready> ");
  }

  @AfterEach
  void logOut() {
    screen.close();
    fixture.close();
  }

  @Test
  void greetingStandsBeforeTheFirstPrompt() {
    assertThat(screen.all()).startsWith("You have 10 minutes.\r\nTouch .hold for more.\r\n");
  }

  @Test
  void terminalHasTheClientsSizeAndFollowsIt() throws Exception {
    screen.type("stty size; echo $TERM\n").await("31 91").await("xterm-256color");
    screen.resize(120, 50);
    screen.type("stty size\n").await("50 120");
  }

  @Test
  void shellIsALoginShellInTheJobsDirectoryAndEnvironment() throws Exception {
    screen.type("shopt login_shell; echo \"<$PWD>\" \"[$agentdir]\"\n");
    screen.await("on").await("<" + fixture.work + ">").await("[" + fixture.work + "]");
    screen.type("echo \"tty=$(tty)\" \"ssh=$SSH_TTY\" $SSH_CONNECTION\n");
    screen.await("tty=/dev/").await("ssh=/dev/").await("127.0.0.1");
    screen.type("env | grep -c CONVERGE_PASS\n").await("0");
  }

  @Test
  void pathIsTheJobsWhateverTheProfileSays() throws Exception {
    Files.writeString(
        folder.resolve(".bash_profile"), "PATH=/usr/bin:/bin:/profile; export PATH\n");
    try (Screen other = login()) {
      other.type("echo $PATH\n").await(":/job/tools:/usr/bin:/bin:/profile");
      other.type("bash -c 'echo \"[$CONVERGE_JOB_PATH]\"'\n").await("[]");
    }
  }

  @Test
  void ctrlCEndsTheJobAndNotTheShell() throws Exception {
    screen.type("sleep 1000\n").await("sleep 1000").type("\u0003").await("ready> ");
    screen.type("echo status=$?\n").await("status=130");
  }

  @Test
  void jobsCanBeStoppedAndBroughtBack() throws Exception {
    screen.type("sleep 1000\n").await("sleep 1000").type("\u001a").await("Stopped");
    screen.type("bg; jobs\n").await("Running");
    screen.type("kill %1; wait %1; echo status=$?\n").await("status=143");
  }

  @Test
  void exitStatusOfTheShellIsThatOfSsh() throws Exception {
    screen.type("exit 42\n");
    assertThat(screen.exitCode()).isEqualTo(42);
  }

  @Test
  void fullScreenProgramsWork() throws Exception {
    Programs.require("vim");
    screen.type("vim -u NONE file.txt\n").await("~").type("ihello").await("hello");
    screen.type("\u001b:wq\n").await("ready> ");
    assertThat(Files.readString(fixture.work.resolve("file.txt"))).isEqualTo("hello\n");
  }

  @Test
  void aLongPasteArrivesWhole() throws Exception {
    screen.type("stty -echo -icanon; head -c 200000 | wc -c\n").await("\n");
    for (int line = 0; line < 2000; line++) {
      screen.type("0123456789".repeat(9) + "012345678\r");
    }
    screen.await("200000");
  }

  @Test
  void messageReachesEveryShellAndNoCommand() throws Exception {
    try (Screen other = login();
        Screen command =
            new Screen(fixture.sshCommand("-tt", "abc@127.0.0.1", "echo up; read x"))) {
      command.await("up");
      fixture.endpoint.broadcast("The session ends in 30 s.");
      for (Screen shell : List.of(screen, other)) {
        shell.await("\r\nThe session ends in 30 s.\r\n");
        shell.type("echo still here\n").await("still here");
      }
      assertThat(command.all()).doesNotContain("ends in");
    }
  }

  @Test
  void commandWithATerminalRunsOnOne() throws Exception {
    try (Screen command =
        new Screen(fixture.sshCommand("-tt", "abc@127.0.0.1", "tty; stty size; exit 3"))) {
      command.await("/dev/").await("31 91");
      assertThat(command.exitCode()).isEqualTo(3);
    }
  }
}
