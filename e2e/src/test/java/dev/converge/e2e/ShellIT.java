package dev.converge.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ShellIT {
  @TempDir static Path temp;
  private static Stage stage;

  @BeforeAll
  static void open() {
    stage = Stage.open(temp);
  }

  @AfterAll
  static void close() {
    stage.close();
  }

  @ParameterizedTest
  @EnumSource
  void windowSizeIsTheTerminalsAndFollowsIt(Route route) {
    try (Terminal terminal = Terminal.start(stage.via(route).command("-tt"), 100, 30)) {
      terminal.type("stty size\n").await("30 100\\r");
      terminal.resize(132, 43).type("sleep 0.2; stty size\n").await("43 132\\r");
      terminal.type("exit 7\n");

      assertThat(terminal.exit()).isEqualTo(7);
    }
  }

  @Test
  void interruptEndsTheCommandAndNotTheShell() {
    try (Terminal terminal = Terminal.start(stage.via(Route.WSPROXY).command("-tt"), 80, 24)) {
      terminal.type("echo begin; sleep 1000\n").await("begin\\r");
      terminal.type("\u0003").type("echo code $?\n").await("code 130\\r");
      terminal.type("exit\n");

      assertThat(terminal.exit()).isZero();
    }
  }

  @Test
  void jobControlWorks() {
    try (Terminal terminal = Terminal.start(stage.via(Route.WSPROXY).command("-tt"), 80, 24)) {
      terminal.type("sh -c 'echo begun; exec sleep 1000'\n").await("begun\\r");
      terminal.type("\u001a").await("Stopped");
      terminal.type("kill %1; fg; echo after\n").await("after\\r");
      terminal.type("exit\n").exit();
    }
  }

  @Test
  void editorFillsTheScreenAndWritesItsFile() throws IOException {
    Tool.require("vim");
    try (Terminal terminal = Terminal.start(stage.via(Route.WSPROXY).command("-tt"), 80, 24)) {
      terminal.type("echo $TERM\n").await("xterm-256color\\r");
      terminal.type("vim -u NONE note.txt\n").await("note\\.txt");
      terminal.type("ihello from vim\u001b:wq\n").await("written");
      terminal.type("exit\n").exit();
    }
    assertThat(stage.work().resolve("note.txt")).hasContent("hello from vim");
  }

  @Test
  void pagerShowsPageAfterPage() throws IOException {
    Tool.require("less");
    List<String> lines = IntStream.rangeClosed(1, 500).mapToObj(i -> "line " + i + ".").toList();
    Files.write(stage.work().resolve("long.txt"), lines);
    try (Terminal terminal = Terminal.start(stage.via(Route.WSPROXY).command("-tt"), 80, 24)) {
      terminal.type("less long.txt\n").await("line 23\\.");
      terminal.type(" ").await("line 46\\.");
      terminal.type("G").await("line 500\\.");
      terminal.type("q").type("echo out of less\n").await("out of less\\r");
      assertThat(terminal.screen()).doesNotContain("line 100.");
      terminal.type("exit\n").exit();
    }
  }

  @Test
  void terminalMultiplexerRunsAndIsLeft() {
    Tool.require("tmux");
    try (Terminal terminal = Terminal.start(stage.via(Route.TCPTOWS).command("-tt"), 80, 24)) {
      terminal.type("export TMUX_TMPDIR=$PWD\n");
      terminal.type("tmux -f /dev/null new 'stty size; echo in tmux; read line'\n");
      terminal.await("23 80").await("in tmux");
      terminal.resize(100, 40).type("\n").await("\\[exited]");
      terminal.type("exit\n").exit();
    }
  }

  @Test
  void processViewerFillsTheScreen() {
    Tool.require("htop");
    try (Terminal terminal = Terminal.start(stage.via(Route.WSPROXY).command("-tt"), 100, 30)) {
      terminal.type("htop\n").await("PID").await("Quit");
      terminal.type("q").type("echo out of htop\n").await("out of htop\\r");
      terminal.type("exit\n").exit();
    }
  }

  @Test
  void loginTellsHowLongItHasAndHowToChangeThat() {
    try (Terminal terminal = Terminal.start(stage.via(Route.WSPROXY).command("-tt"), 80, 24)) {
      terminal.await("touch .*\\.hold");
      terminal.type("exit\n").exit();
    }
  }

  @Test
  void shellKeepsItsPlaceInTheJobsDirectory() throws IOException {
    Files.writeString(stage.work().resolve("failed.log"), "the reason\n");
    try (Terminal terminal = Terminal.start(stage.via(Route.TCPTOWS).command("-tt"), 80, 24)) {
      terminal.type("cat failed.log\n").await("the reason\\r");
      terminal.type("exit\n").exit();
    }
  }
}
