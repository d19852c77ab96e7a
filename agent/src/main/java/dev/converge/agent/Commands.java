package dev.converge.agent;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.scp.common.helpers.DefaultScpFileOpener;
import org.apache.sshd.scp.server.ScpCommandFactory;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;
import org.apache.sshd.sftp.server.SftpSubsystem;
import org.apache.sshd.sftp.server.SftpSubsystemFactory;
import org.jspecify.annotations.Nullable;

/** Turns the requests on session channels into commands. */
final class Commands {
  private static final String ORIGINAL = "SSH_ORIGINAL_COMMAND";

  /** What an scp client starts at the other end. */
  private static final Pattern SCP = Pattern.compile("scp( -[a-zA-Z]+)* -[a-zA-Z]*[tf]( .*)?");

  private final Shells shells;
  private final SessionEvents events;
  private final ProcessCommand.Host host;
  private final ScpCommandFactory scp;

  Commands(Shells shells, SessionEvents events, ProcessCommand.Host host) {
    this.shells = shells;
    this.events = events;
    this.host = host;
    scp =
        new ScpCommandFactory.Builder()
            .withFileOpener(new StartDirectory(shells.directory()))
            .build();
  }

  void install(SshServer server) {
    server.setShellFactory(channel -> shell((SessionChannel) channel));
    server.setCommandFactory((channel, line) -> command((SessionChannel) channel, line));
    server.setSubsystemFactories(List.of(new Sftp()));
  }

  private Command shell(SessionChannel channel) {
    String forced = Permissions.of(channel.getSession()).command();
    if (forced != null) {
      return run(channel, forced);
    }
    String greeting = channel.terminal() == null ? "" : events.greeting();
    return new ProcessCommand(
        channel, shells.login(channel.variables(), channel.terminal()), greeting, host);
  }

  private Command command(SessionChannel channel, String line) throws IOException {
    String forced = Permissions.of(channel.getSession()).command();
    if (forced != null) {
      return forced(channel, forced, line);
    }
    // The scp of old clients needs an scp here too, which the job's machine may not have.
    return SCP.matcher(line).matches() && !shells.has("scp")
        ? scp.createCommand(channel, line)
        : run(channel, line);
  }

  private Command forced(SessionChannel channel, String forced, String original) {
    channel.variables().put(ORIGINAL, original);
    return run(channel, forced);
  }

  private Command run(SessionChannel channel, String line) {
    Map<String, String> variables = new TreeMap<>(channel.variables());
    return new ProcessCommand(
        channel, shells.command(line, variables, channel.terminal()), "", host);
  }

  private final class Sftp extends SftpSubsystemFactory {
    @Override
    public Command createSubsystem(ChannelSession channel) throws IOException {
      String forced = Permissions.of(channel.getSession()).command();
      return forced == null
          ? new Files(channel, this)
          : forced((SessionChannel) channel, forced, "internal-sftp");
    }
  }

  /** All files, seen from the directory where shells start. */
  private final class Files extends SftpSubsystem {
    Files(ChannelSession channel, Sftp configurator) {
      super(channel, configurator);
      defaultDir = shells.directory();
    }

    @Override
    public void setFileSystem(@Nullable FileSystem fileSystem) {
      super.setFileSystem(fileSystem);
      defaultDir = shells.directory();
    }
  }

  private static final class StartDirectory extends DefaultScpFileOpener {
    private final Path directory;

    StartDirectory(Path directory) {
      this.directory = directory;
    }

    @Override
    public Path resolveLocalPath(Session session, FileSystem fileSystem, String path) {
      return directory.resolve(path).normalize();
    }
  }
}
