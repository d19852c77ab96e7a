package dev.converge.agent;

import java.io.IOException;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.session.ConnectionService;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.helpers.AbstractConnectionServiceRequestHandler;
import org.apache.sshd.common.util.buffer.Buffer;

/** The requests behind {@code ssh -R}: RFC 4254, section 7.1, and OpenSSH's for Unix sockets. */
final class ListenRequests extends AbstractConnectionServiceRequestHandler {
  private final Forwarding forwarding;

  ListenRequests(Forwarding forwarding) {
    this.forwarding = forwarding;
  }

  @Override
  public Result process(ConnectionService service, String request, boolean wantReply, Buffer buffer)
      throws Exception {
    return switch (request) {
      case "tcpip-forward" ->
          listen(service, () -> tcp(service, buffer.getString(), buffer.getInt(), wantReply));
      case "streamlocal-forward@openssh.com" ->
          listen(
              service,
              () -> {
                Listeners.of(service, forwarding).unix(buffer.getString());
                return Result.ReplySuccess;
              });
      case "cancel-tcpip-forward" -> cancel(service, buffer.getString() + ":" + buffer.getInt());
      case "cancel-streamlocal-forward@openssh.com" -> cancel(service, buffer.getString());
      default -> super.process(service, request, wantReply, buffer);
    };
  }

  private interface Action {
    Result run() throws IOException;
  }

  private Result listen(ConnectionService service, Action action) throws IOException {
    Session session = service.getSession();
    if (!forwarding.allowed(session)) {
      session.sendDebugMessage(true, Forwarding.REFUSAL, "");
      return Result.ReplyFailure;
    }
    try {
      return action.run();
    } catch (IOException e) {
      log.debug("{}: cannot listen", session, e);
      session.sendDebugMessage(true, "cannot listen: " + e.getMessage(), "");
      return Result.ReplyFailure;
    }
  }

  private Result tcp(ConnectionService service, String address, int port, boolean wantReply)
      throws IOException {
    int bound = Listeners.of(service, forwarding).tcp(address, port);
    if (port != 0 || !wantReply) {
      return Result.ReplySuccess;
    }
    Buffer reply = service.getSession().createBuffer(SshConstants.SSH_MSG_REQUEST_SUCCESS);
    reply.putUInt(bound);
    service.getSession().writePacket(reply);
    return Result.Replied;
  }

  private Result cancel(ConnectionService service, String name) {
    return Listeners.of(service, forwarding).cancel(name)
        ? Result.ReplySuccess
        : Result.ReplyFailure;
  }
}
