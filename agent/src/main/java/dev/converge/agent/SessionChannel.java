package dev.converge.agent;

import java.io.IOException;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.channel.PtyMode;
import org.apache.sshd.common.channel.RequestHandler.Result;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.server.channel.ChannelSession;
import org.jspecify.annotations.Nullable;

/** A client's session channel: a shell, a command or sftp (RFC 4254, section 6). */
final class SessionChannel extends ChannelSession {
  /** What a client may set for its shells and commands. */
  private static final Pattern ACCEPTED =
      Pattern.compile("LANG|LANGUAGE|LC_[A-Z]+|COLORTERM|TERM_PROGRAM(_VERSION)?|TZ|GIT_PROTOCOL");

  private static final int MOST_VARIABLES = 64;

  private final SessionEvents events;
  private final Forwarding forwarding;
  private final Map<String, String> variables = new TreeMap<>();
  private @Nullable Terminal terminal;
  private @Nullable ProcessCommand process;

  SessionChannel(SessionEvents events, Forwarding forwarding) {
    this.events = events;
    this.forwarding = forwarding;
  }

  /** The variables that the client set, and those that other requests led to. */
  Map<String, String> variables() {
    return variables;
  }

  @Nullable Terminal terminal() {
    return terminal;
  }

  /** From now on this is who hears of signals, sizes and the end of the channel. */
  void serve(ProcessCommand command) {
    process = command;
  }

  /** Tells the client how its command ended, and that this was all. */
  void finish(ExitStatus status) throws IOException {
    if (!isClosing()) {
      // The end of output comes last: a client that has no more input closes the channel at once.
      if (status.signal() == null) {
        sendExitStatus(status.code());
      } else {
        sendExitSignal(status.signal(), status.coreDumped());
      }
      sendEof();
    }
    commandExitFuture.setClosed();
    close(false);
  }

  /** How sftp and scp end. */
  @Override
  protected void closeShell(int exitValue, boolean immediately) throws IOException {
    if (out != null) {
      out.close();
    }
    finish(ExitStatus.exited(exitValue));
  }

  private void sendExitSignal(String signal, boolean coreDumped) throws IOException {
    Buffer buffer = getSession().createBuffer(SshConstants.SSH_MSG_CHANNEL_REQUEST);
    buffer.putUInt(getRecipient());
    buffer.putString("exit-signal");
    buffer.putBoolean(false);
    buffer.putString(signal);
    buffer.putBoolean(coreDumped);
    buffer.putString("");
    buffer.putString("");
    writePacket(buffer);
  }

  @Override
  protected void doWriteData(byte[] data, int offset, long length) throws IOException {
    events.input();
    super.doWriteData(data, offset, length);
  }

  @Override
  public void handleWindowAdjust(Buffer buffer) throws IOException {
    super.handleWindowAdjust(buffer);
    if (asyncErr != null) {
      asyncErr.onWindowExpanded();
    }
  }

  @Override
  protected Result handleEnvParsed(String name, String value) {
    if (!ACCEPTED.matcher(name).matches()
        || value.indexOf('\0') >= 0
        || variables.size() >= MOST_VARIABLES) {
      return Result.ReplyFailure;
    }
    variables.put(name, value);
    return Result.ReplySuccess;
  }

  @Override
  protected Result handlePtyReqParsed(
      String type, int columns, int rows, int width, int height, Map<PtyMode, Integer> modes) {
    if (!Permissions.of(getSession()).pty() || type.indexOf('\0') >= 0) {
      return Result.ReplyFailure;
    }
    terminal = new Terminal(type, new Terminal.Size(columns, rows, width, height), modes);
    return Result.ReplySuccess;
  }

  @Override
  protected Result handleWindowChangeParsed(int columns, int rows, int width, int height) {
    if (terminal == null) {
      return Result.ReplyFailure;
    }
    terminal = terminal.resized(new Terminal.Size(columns, rows, width, height));
    if (process != null) {
      process.resize(terminal.size());
    }
    return Result.ReplySuccess;
  }

  @Override
  protected Result handleSignalParsed(String name) {
    OptionalInt number = Signals.number(name);
    if (number.isEmpty() || process == null || Rules.of(getSession()).readOnly()) {
      return Result.ReplyFailure;
    }
    process.signal(number.getAsInt());
    return Result.ReplySuccess;
  }

  @Override
  protected Result handleBreakParsed(long length) {
    return handleSignalParsed("INT");
  }

  @Override
  protected Result handleAgentForwardingParsed(String request) {
    if (!forwarding.allowed(getSession()) || !Permissions.of(getSession()).agentForwarding()) {
      return Result.ReplyFailure;
    }
    try {
      variables.put("SSH_AUTH_SOCK", Listeners.of(service, forwarding).agent().toString());
      return Result.ReplySuccess;
    } catch (IOException e) {
      log.warn("{}: no agent forwarding: {}", getSession(), e.getMessage());
      return Result.ReplyFailure;
    }
  }

  @Override
  protected void preClose() {
    if (process != null) {
      process.hangUp();
      commandExitFuture.setClosed();
    }
    super.preClose();
  }
}
