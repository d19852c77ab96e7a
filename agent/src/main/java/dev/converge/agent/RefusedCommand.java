package dev.converge.agent;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.apache.sshd.server.Environment;
import org.apache.sshd.server.ExitCallback;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;
import org.jspecify.annotations.Nullable;

/** Stands in for a command that is not to run: says why, and fails. */
final class RefusedCommand implements Command {
  private final String why;
  private @Nullable OutputStream error;
  private @Nullable ExitCallback exit;

  RefusedCommand(String why) {
    this.why = why;
  }

  @Override
  public void start(ChannelSession channel, Environment environment) throws IOException {
    OutputStream out = Objects.requireNonNull(error);
    out.write(("converge: " + why + "\r\n").getBytes(StandardCharsets.UTF_8));
    out.flush();
    Objects.requireNonNull(exit).onExit(1);
  }

  @Override
  public void destroy(ChannelSession channel) {
    // Nothing runs.
  }

  @Override
  public void setInputStream(InputStream in) {
    // Nobody reads.
  }

  @Override
  public void setOutputStream(OutputStream out) {
    // There is none.
  }

  @Override
  public void setErrorStream(OutputStream err) {
    error = err;
  }

  @Override
  public void setExitCallback(ExitCallback callback) {
    exit = callback;
  }
}
