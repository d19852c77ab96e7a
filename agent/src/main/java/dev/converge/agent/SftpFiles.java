package dev.converge.agent;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import org.apache.sshd.common.io.IoOutputStream;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.BufferUtils;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.sftp.server.SftpSubsystem;
import org.apache.sshd.sftp.server.SftpSubsystemConfigurator;
import org.jspecify.annotations.Nullable;

/**
 * All files, seen by sftp from the directory where shells start. As long as there are requests,
 * replies to those before wait until they fill a packet.
 */
class SftpFiles extends SftpSubsystem {
  private final Path start;
  private final Requests incoming = new Requests(requests::add);
  private @Nullable Replies replies;

  SftpFiles(ChannelSession channel, SftpSubsystemConfigurator configurator, Path start) {
    super(channel, configurator);
    this.start = start;
    defaultDir = start;
  }

  @Override
  public void setFileSystem(@Nullable FileSystem fileSystem) {
    super.setFileSystem(fileSystem);
    defaultDir = start;
  }

  @Override
  public void setIoOutputStream(IoOutputStream stream) {
    replies = new Replies(new Outlet(stream));
  }

  @Override
  public int data(ChannelSession channel, byte[] bytes, int offset, int length) throws IOException {
    incoming.take(bytes, offset, length);
    return 0;
  }

  @Override
  protected void process(Buffer request) throws IOException {
    super.process(request);
    Buffer next = requests.peek();
    if (replies != null && (next == null || next == CLOSE)) {
      replies.send();
    }
  }

  @Override
  protected void send(Buffer reply) throws IOException {
    BufferUtils.updateLengthPlaceholder(reply, 0);
    if (replies != null) {
      replies.add(reply.array(), reply.rpos(), reply.available());
    }
  }
}
