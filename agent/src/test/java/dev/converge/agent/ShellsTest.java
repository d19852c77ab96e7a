package dev.converge.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.converge.cli.Failure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ShellsTest {
  @TempDir Path folder;

  private Shells shells(@Nullable String shell, Map<String, String> environment) {
    return new Shells(
        new SshConfig(folder, KeyConfigs.NONE, "secret", null, shell, true, environment), "run-1");
  }

  private Path program(String name) throws Exception {
    Path file = Files.writeString(folder.resolve(name), "#!/bin/sh\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
    return file;
  }

  @Test
  void shellOfTheJobComesFirstThenBashThenSh() throws Exception {
    Path zsh = program("zsh");
    String path = folder.toString();
    assertThat(shells(null, Map.of("SHELL", zsh.toString(), "PATH", path)).login(Map.of(), null))
        .extracting(Launch::program)
        .isEqualTo(zsh);
    assertThat(shells(null, Map.of("SHELL", "/no/shell", "PATH", path)).login(Map.of(), null))
        .extracting(Launch::program)
        .isEqualTo(Path.of("/bin/sh"));
    Path bash = program("bash");
    assertThat(shells(null, Map.of("PATH", path)).login(Map.of(), null))
        .extracting(Launch::program)
        .isEqualTo(bash);
  }

  @Test
  void configuredShellWinsAndMustExist() throws Exception {
    Path fish = program("fish");
    var environment = Map.of("SHELL", "/bin/sh", "PATH", folder.toString());
    Launch login = shells("fish", environment).login(Map.of(), null);
    assertThat(login.program()).isEqualTo(fish);
    assertThat(login.arguments()).containsExactly("-fish");
    assertThat(login.environment()).containsEntry("SHELL", fish.toString());
    assertThatExceptionOfType(Failure.class)
        .isThrownBy(() -> shells("/no/shell", environment))
        .withMessageContaining("/no/shell");
  }

  @Test
  void shellsOfWindowsAreSpokenToInTheirOwnWay() throws Exception {
    String path = folder.toString();
    Shells cmd = shells(null, Map.of("PATH", path, "ComSpec", program("cmd.exe").toString()));
    assertThat(cmd.login(Map.of(), null).arguments()).containsExactly("cmd.exe");
    assertThat(cmd.command("echo \"a b\"", Map.of(), null).arguments())
        .containsExactly("cmd.exe", "/d", "/s", "/c", "\"echo \"a b\"\"");
    Shells powershell = shells(program("powershell.exe").toString(), Map.of());
    assertThat(powershell.login(Map.of(), null).arguments()).containsExactly("powershell.exe");
    assertThat(powershell.command("dir", Map.of(), null).arguments())
        .containsExactly("powershell.exe", "-Command", "dir");
  }

  @Test
  void environmentIsTheJobsWithoutTheAgentsSettings() {
    Map<String, String> job =
        Map.of("A", "b", "CONVERGE_PASSWORD", "x", "CONVERGE_TOKEN", "y", "SSH_TTY", "/dev/tty7");
    Launch launch = shells(null, job).command("true", Map.of("LANG", "C"), null);
    assertThat(launch.environment())
        .containsEntry("A", "b")
        .containsEntry("LANG", "C")
        .containsEntry("agentdir", folder.toString())
        .containsEntry("PWD", folder.toString())
        .containsEntry("CONVERGE_AGENT_RUN", "run-1")
        .doesNotContainKeys("CONVERGE_PASSWORD", "CONVERGE_TOKEN", "SSH_TTY");
    assertThat(launch.arguments()).endsWith("-c", "true");
  }

  @Test
  void localeIsTheJobsAgain() {
    assertThat(
            shells(null, Map.of("LC_ALL", "C.UTF-8", "CONVERGE_LC_ALL", ""))
                .login(Map.of(), null)
                .environment())
        .doesNotContainKeys("LC_ALL", "CONVERGE_LC_ALL");
    assertThat(
            shells(null, Map.of("LC_ALL", "C.UTF-8", "CONVERGE_LC_ALL", "POSIX"))
                .login(Map.of(), null)
                .environment())
        .containsEntry("LC_ALL", "POSIX");
  }

  @Test
  void typeOfTheTerminalIsTheClients() {
    var terminal = new Terminal("xterm-kitty", new Terminal.Size(80, 24, 0, 0), Map.of());
    assertThat(shells(null, Map.of("TERM", "dumb")).login(Map.of(), terminal).environment())
        .containsEntry("TERM", "xterm-kitty");
  }
}
