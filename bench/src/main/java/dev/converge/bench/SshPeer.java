package dev.converge.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A server of ssh, and how to get there.
 *
 * @param within what client commands are given to, such as a network namespace
 * @param options of all clients
 * @param way options that lead to this server
 */
record SshPeer(String name, List<String> within, List<String> options, List<String> way) {
  /** The ssh command line for a remote command, which may be empty. */
  List<String> ssh(String host, String... arguments) {
    return command("ssh", List.of(), Stream.concat(Stream.of(host), Stream.of(arguments)).toList());
  }

  List<String> sftp(String host, String batch) {
    return command("sftp", List.of("-q", "-b", batch), List.of(host));
  }

  /** rsync from and to, one of which begins with a host and a colon. */
  List<String> rsync(String from, String to) {
    StringBuilder shell = new StringBuilder("ssh");
    Stream.concat(options.stream(), way.stream())
        .forEach(option -> shell.append(" '").append(option).append('\''));
    List<String> command = new ArrayList<>(within);
    command.addAll(List.of("rsync", "-a", "--whole-file", "--inplace", "-e", shell.toString()));
    command.addAll(List.of(from, to));
    return command;
  }

  private List<String> command(String client, List<String> first, List<String> last) {
    List<String> command = new ArrayList<>(within);
    command.add(client);
    command.addAll(options);
    command.addAll(way);
    command.addAll(first);
    command.addAll(last);
    return command;
  }
}
