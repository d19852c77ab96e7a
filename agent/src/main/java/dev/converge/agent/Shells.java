package dev.converge.agent;

import dev.converge.cli.Failure;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Which shell clients get, and in which environment: the job's own, as far as it can be. */
final class Shells {
  /** The agent's own settings, some of them secret; a client's command is not to see them. */
  private static final String OWN_SETTINGS = "CONVERGE_";

  private static final List<String> OF_OTHER_SHELLS =
      List.of("COLUMNS", "LINES", "SSH_TTY", "SHLVL", "OLDPWD", "_", "SSH_CLIENT");

  private static final String JOB_PATH = "CONVERGE_JOB_PATH";

  /** Nothing after the first time, and in the shells below. */
  private static final String RESTORE_PATH =
      "[ -z \"$CONVERGE_JOB_PATH\" ] || { PATH=$CONVERGE_JOB_PATH:$PATH; unset CONVERGE_JOB_PATH; }";

  private static final String CMD = "cmd.exe";
  private static final String POWERSHELL = "powershell.exe";
  private static final String DEFAULT_PATH = "/usr/bin:/bin";

  private final Path shell;
  private final Path directory;
  private final Map<String, String> base = new TreeMap<>();

  Shells(SshConfig config, String run) {
    directory = config.directory();
    base.putAll(config.environment());
    restoreLocale();
    base.keySet().removeIf(name -> name.startsWith(OWN_SETTINGS));
    base.keySet().removeAll(OF_OTHER_SHELLS);
    shell = choose(config.shell(), base);
    base.put("SHELL", shell.toString());
    base.put("PWD", directory.toString());
    base.put("agentdir", directory.toString());
    base.put(Processes.MARKER, run);
    // Programs look whether it is there; there are no addresses to tell. Not SSH_CLIENT: with that,
    // bash reads ~/.bashrc for every command, and this is to be the job's environment.
    base.put("SSH_CONNECTION", "127.0.0.1 0 127.0.0.1 0");
  }

  /** Undoes what the script before the program's jar did for Java. */
  private void restoreLocale() {
    String before = base.get("CONVERGE_LC_ALL");
    if (before != null && before.isEmpty()) {
      base.remove("LC_ALL");
    } else if (before != null) {
      base.put("LC_ALL", before);
    }
  }

  Path directory() {
    return directory;
  }

  /** Whether the shell would find a program. */
  boolean has(String program) {
    return find(program, base.getOrDefault("PATH", DEFAULT_PATH)).isPresent();
  }

  /**
   * A login shell. Its profile may set another PATH (Debian's does), and the tools of the job would
   * be gone; bash takes the job's back before its first prompt.
   */
  Launch login(Map<String, String> ofClient, @Nullable Terminal terminal) {
    var variables = new TreeMap<>(ofClient);
    if (shell.endsWith("bash") && base.containsKey("PATH")) {
      variables.put(JOB_PATH, base.get("PATH"));
      variables.put("PROMPT_COMMAND", RESTORE_PATH);
    }
    return launch(List.of(windows() ? name() : "-" + name()), variables, terminal);
  }

  Launch command(String line, Map<String, String> ofClient, @Nullable Terminal terminal) {
    List<String> arguments =
        switch (name()) {
          case CMD -> List.of(CMD, "/d", "/s", "/c", '"' + line + '"');
          case POWERSHELL -> List.of(POWERSHELL, "-Command", line);
          default -> List.of(name(), "-c", line);
        };
    return launch(arguments, ofClient, terminal);
  }

  private String name() {
    return Objects.requireNonNull(shell.getFileName()).toString();
  }

  /** Whether this is one of the shells of Windows, which know no login. */
  private boolean windows() {
    return name().equals(CMD) || name().equals(POWERSHELL);
  }

  private Launch launch(
      List<String> arguments, Map<String, String> ofClient, @Nullable Terminal terminal) {
    var environment = new TreeMap<>(base);
    environment.putAll(ofClient);
    if (terminal != null && !terminal.type().isEmpty()) {
      environment.put("TERM", terminal.type());
    }
    return new Launch(shell, arguments, environment, directory, terminal);
  }

  private static Path choose(@Nullable String wanted, Map<String, String> environment) {
    String path = environment.getOrDefault("PATH", DEFAULT_PATH);
    if (wanted != null) {
      return find(wanted, path)
          .orElseThrow(() -> new Failure("shell: " + wanted + " is not an executable file"));
    }
    return Stream.of("SHELL", "ComSpec")
        .map(name -> environment.getOrDefault(name, "bash"))
        .flatMap(name -> find(name, path).stream())
        .findFirst()
        .orElse(Path.of("/bin/sh"));
  }

  private static Optional<Path> find(String name, String path) {
    Stream<Path> candidates =
        new File(name).getParent() != null
            ? Stream.of(Path.of(name))
            : Stream.of(path.split(File.pathSeparator)).map(folder -> Path.of(folder, name));
    return candidates
        .map(Path::toAbsolutePath)
        .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
        .findFirst();
  }
}
