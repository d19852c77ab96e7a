package dev.converge.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** An endpoint behind a loopback port, and OpenSSH's programs to enter it with. */
final class SshFixture implements AutoCloseable {
  private static final long PATIENCE_S = 60;

  final Path folder;

  /** Where shells start. */
  final Path work;

  final RecordedEvents events = new RecordedEvents();
  final SshEndpoint endpoint;
  final LoopbackServer server;
  private final Path key;

  record Result(int code, Path standardOutput, String error) {
    byte[] bytes() throws IOException {
      return Files.readAllBytes(standardOutput);
    }

    String output() throws IOException {
      return Files.readString(standardOutput);
    }
  }

  SshFixture(Path folder) throws Exception {
    this(folder, config -> config);
  }

  SshFixture(Path folder, UnaryOperator<SshConfig> change) throws Exception {
    this(folder, Rules.USUAL, change);
  }

  SshFixture(Path folder, Rules rules, UnaryOperator<SshConfig> change) throws Exception {
    Programs.require("ssh", "ssh-keygen");
    this.folder = folder;
    work = Files.createDirectory(folder.resolve("work"));
    key = newKey("key", "ed25519");
    Path authorized = folder.resolve("authorized_keys");
    Files.copy(folder.resolve("key.pub"), authorized);
    var environment = new TreeMap<>(System.getenv());
    environment.put("CONVERGE_PASSWORD", "not for children");
    environment.put("SHELL", "/bin/bash");
    environment.put("HOME", folder.toString());
    environment.put("PATH", environment.get("PATH") + ":/job/tools");
    var config =
        new SshConfig(work, KeyConfigs.of(authorized), null, null, null, true, environment);
    endpoint = new SshEndpoint(change.apply(config), rules, events);
    server = new LoopbackServer(endpoint);
  }

  Path newKey(String name, String type) throws Exception {
    Path file = folder.resolve(name);
    execute(List.of("ssh-keygen", "-q", "-t", type, "-N", "", "-f", file.toString()), Map.of(), "");
    return file;
  }

  /** Options that all of OpenSSH's programs understand. */
  List<String> options() {
    return List.of(
        "-F",
        "/dev/null",
        "-o",
        "UserKnownHostsFile=" + folder.resolve("known_hosts"),
        "-o",
        "StrictHostKeyChecking=accept-new",
        "-o",
        "LogLevel=ERROR",
        "-o",
        "IdentitiesOnly=yes",
        "-i",
        key.toString());
  }

  List<String> sshCommand(String... args) {
    return command("ssh", "-p", args);
  }

  /** A program of OpenSSH's, with its options, the flag for the port, and the rest. */
  List<String> command(String program, String portFlag, String... args) {
    var command = new ArrayList<String>();
    command.add(program);
    command.addAll(options());
    command.addAll(List.of(portFlag, String.valueOf(server.port())));
    command.addAll(List.of(args));
    return command;
  }

  Result ssh(String remote) throws Exception {
    return ssh("", remote);
  }

  Result ssh(String input, String remote) throws Exception {
    return execute(sshCommand("abc@127.0.0.1", remote), Map.of(), input);
  }

  /** Logs in with a password, which ssh asks a program for. */
  Result sshWithPassword(String user, String password, String... args) throws Exception {
    Path answer = folder.resolve("askpass");
    Files.writeString(answer, "#!/bin/sh\necho '" + password + "'\n");
    Files.setPosixFilePermissions(answer, PosixFilePermissions.fromString("rwx------"));
    var command = sshCommand("-o", "PubkeyAuthentication=no", "-o", "NumberOfPasswordPrompts=1");
    command.add(user + "@127.0.0.1");
    command.addAll(List.of(args));
    return execute(
        command, Map.of("SSH_ASKPASS", answer.toString(), "SSH_ASKPASS_REQUIRE", "force"), "");
  }

  Result execute(List<String> command, Map<String, String> environment, String input)
      throws Exception {
    Path in = Files.createTempFile(folder, "in", null);
    Files.writeString(in, input);
    return execute(command, environment, in);
  }

  Result execute(List<String> command, Map<String, String> environment, Path input)
      throws Exception {
    Path out = Files.createTempFile(folder, "out", null);
    Path err = Files.createTempFile(folder, "err", null);
    Process process = start(command, environment, input, out, err);
    if (!process.waitFor(PATIENCE_S, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("still running: " + command + "\n" + Files.readString(err));
    }
    return new Result(process.exitValue(), out, Files.readString(err));
  }

  Process start(
      List<String> command, Map<String, String> environment, Path input, Path out, Path err)
      throws IOException {
    var builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().putAll(environment);
    return builder
        .redirectInput(input.toFile())
        .redirectOutput(out.toFile())
        .redirectError(err.toFile())
        .start();
  }

  @Override
  public void close() {
    endpoint.close();
    server.close();
  }
}
