package dev.converge.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** OpenSSH's programs on one way to an agent, kept away from the configuration of the machine. */
final class OpenSsh implements AutoCloseable {
  private static final String HOST = "abc@localhost";

  private final Path home;
  private final Route.Way way;
  private final List<String> login;
  private final Map<String, String> environment;

  private OpenSsh(Path home, Route.Way way, List<String> login, Map<String, String> environment) {
    this.home = home;
    this.way = way;
    this.login = login;
    this.environment = environment;
  }

  /** Logs in with the key that {@link Keys} has made in {@code home}. */
  static OpenSsh withKey(Path home, Route.Way way, Path privateKey) {
    return new OpenSsh(
        home,
        way,
        List.of("-oIdentityFile=" + privateKey, "-oIdentitiesOnly=yes", "-oBatchMode=yes"),
        Map.of());
  }

  /** Types a password when asked, once. */
  static OpenSsh withPassword(Path home, Route.Way way, String password) {
    Path askpass = home.resolve("askpass");
    try {
      Files.writeString(askpass, "#!/bin/sh\necho '" + password + "'\n");
      Files.setPosixFilePermissions(
          askpass, java.nio.file.attribute.PosixFilePermissions.fromString("rwx------"));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return new OpenSsh(
        home,
        way,
        List.of("-oNumberOfPasswordPrompts=1", "-oIdentityFile=none"),
        Map.of("SSH_ASKPASS", askpass.toString(), "SSH_ASKPASS_REQUIRE", "force"));
  }

  /** The options that every one of the programs takes. */
  List<String> options() {
    return Stream.of(
            List.of(
                "-F/dev/null",
                "-oUserKnownHostsFile=" + home.resolve("known_hosts"),
                "-oGlobalKnownHostsFile=/dev/null",
                "-oStrictHostKeyChecking=accept-new",
                "-oLogLevel=ERROR",
                "-oServerAliveInterval=120"),
            login,
            way.options())
        .flatMap(List::stream)
        .toList();
  }

  /** The command line of {@code ssh}; options may stand before the remote command. */
  List<String> command(String... optionsAndCommand) {
    List<String> arguments = new ArrayList<>(Arrays.asList(optionsAndCommand));
    int options = 0;
    while (options < arguments.size() && arguments.get(options).startsWith("-")) {
      options++;
    }
    arguments.add(options, HOST);
    return line("ssh", arguments);
  }

  /** Runs {@code ssh} with options and, behind them, a remote command. */
  Child ssh(String... optionsAndCommand) {
    return start(command(optionsAndCommand));
  }

  /** Runs {@code sftp} on a batch of commands. */
  Child sftp(String batch) {
    return start(line("sftp", List.of("-b", "-", HOST))).type(batch).endInput();
  }

  /** Runs {@code scp}; remote paths begin with a colon. */
  Child scp(String... arguments) {
    return start(line("scp", Arrays.stream(arguments).map(OpenSsh::remote).toList()));
  }

  /** Runs {@code rsync} over ssh; remote paths begin with a colon. */
  Child rsync(String... arguments) {
    List<String> command =
        new ArrayList<>(List.of("rsync", "-e", shellWords(line("ssh", List.of()))));
    Arrays.stream(arguments).map(OpenSsh::remote).forEach(command::add);
    return start(command);
  }

  /** Runs {@code git} in a directory, over ssh where it needs to. */
  Child git(Path directory, String... arguments) {
    List<String> command =
        new ArrayList<>(List.of("git", "-c", "user.name=t", "-c", "user.email=t@t"));
    command.addAll(Arrays.asList(arguments));
    return Child.start(
        directory,
        Map.of(
            "GIT_SSH_COMMAND",
            shellWords(line("ssh", List.of())),
            "GIT_CONFIG_GLOBAL",
            "/dev/null"),
        command);
  }

  /** The environment that the programs need, for a test that starts one by itself. */
  Map<String, String> environment() {
    return environment;
  }

  private static String remote(String argument) {
    return argument.startsWith(":") ? HOST + argument : argument;
  }

  private List<String> line(String program, List<String> arguments) {
    return Stream.of(List.of(program), options(), arguments).flatMap(List::stream).toList();
  }

  private static String shellWords(List<String> words) {
    return String.join(" ", words.stream().map(word -> "'" + word + "'").toList());
  }

  private Child start(List<String> command) {
    return Child.start(home, environment, command);
  }

  @Override
  public void close() {
    way.close();
  }
}
