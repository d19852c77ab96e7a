package dev.converge.agent;

import java.util.List;
import org.apache.sshd.common.io.IoHandler;
import org.apache.sshd.common.io.IoSession;
import org.apache.sshd.common.util.Readable;

/** What a session is told, a line each. */
record RecordingHandler(List<String> handled) implements IoHandler {
  @Override
  public void sessionCreated(IoSession created) {
    handled.add("created");
  }

  @Override
  public void sessionClosed(IoSession closed) {
    handled.add("closed");
  }

  @Override
  public void exceptionCaught(IoSession failed, Throwable cause) {
    handled.add("failed " + cause.getMessage());
  }

  @Override
  public void messageReceived(IoSession received, Readable message) {
    handled.add("received " + message.available());
  }
}
