package dev.converge.agent;

import java.io.IOException;
import org.apache.sshd.common.Service;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.SshException;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.server.session.AbstractServerSession;
import org.apache.sshd.server.session.ServerConnectionService;
import org.apache.sshd.server.session.ServerConnectionServiceFactory;

/**
 * The connection protocol (RFC 4254) of those who have logged in. Data go where they are wanted on
 * the event loop that has read them, because who takes them never blocks; all else, such as to
 * start a process, may take its time on the client's lane.
 */
final class Connections extends ServerConnectionServiceFactory {
  @Override
  public Service create(Session session) throws IOException {
    var io = (StreamSession) session.getIoSession();
    io.sorts();
    return new Connection((AbstractServerSession) session, io);
  }

  private static final class Connection extends ServerConnectionService {
    private final StreamSession io;

    Connection(AbstractServerSession session, StreamSession io) throws SshException {
      super(session);
      this.io = io;
    }

    @Override
    public void process(int command, Buffer message) throws Exception {
      io.handle(neverBlocks(command, message), message, buffer -> super.process(command, buffer));
    }

    private static boolean neverBlocks(int command, Buffer message) {
      return switch (command) {
        case SshConstants.SSH_MSG_CHANNEL_DATA, SshConstants.SSH_MSG_CHANNEL_WINDOW_ADJUST -> true;
        case SshConstants.SSH_MSG_CHANNEL_REQUEST -> isNewSize(message);
        default -> false;
      };
    }

    /** ssh sends what was typed behind a change of size in front of it: the gap is to be short. */
    private static boolean isNewSize(Buffer message) {
      int start = message.rpos();
      message.getUInt();
      String request = message.getString();
      message.rpos(start);
      return request.equals("window-change");
    }
  }
}
