package dev.converge.agent;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import org.apache.sshd.common.io.IoOutputStream;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.BufferUtils;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.sftp.server.FileHandle;
import org.apache.sshd.sftp.server.SftpFileSystemAccessor;
import org.apache.sshd.sftp.server.SftpSubsystem;
import org.apache.sshd.sftp.server.SftpSubsystemConfigurator;
import org.jspecify.annotations.Nullable;

/**
 * All files, seen by sftp from the directory where shells start. As long as there are requests,
 * replies to those before wait until they fill a packet.
 */
class SftpFiles extends SftpSubsystem {
  /** What is read where nobody knows how much there is, as of what the kernel makes up. */
  private static final int UNKNOWN = 32 * 1024;

  private final Path start;
  private final JobFiles files = new JobFiles();
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
  public SftpFileSystemAccessor getFileSystemAccessor() {
    return files;
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

  /** Room is made for what there is to read; clients ask for all that they could take. */
  @Override
  protected void doRead(Buffer request, int id) throws IOException {
    int beginning = request.rpos();
    var handle = handles.get(request.getString(StandardCharsets.ISO_8859_1));
    long offset = request.getLong();
    int asked = request.getInt();
    if (handle instanceof FileHandle file) {
      int length = worthReading(asked, offset, size(file));
      BufferUtils.putUInt(length, request.array(), request.rpos() - Integer.BYTES, Integer.BYTES);
    }
    request.rpos(beginning);
    super.doRead(request, id);
  }

  private static long size(FileHandle file) {
    try {
      return file.getFileChannel().size();
    } catch (IOException e) {
      // To read it fails, too, and is answered.
      return 0;
    }
  }

  /** Less than was asked for is an answer, too; the client asks for the rest if there is any. */
  static int worthReading(int asked, long offset, long size) {
    long there = offset >= 0 && offset < size ? size - offset : UNKNOWN;
    return (int) Math.min(asked, there);
  }

  @Override
  protected void send(Buffer reply) throws IOException {
    BufferUtils.updateLengthPlaceholder(reply, 0);
    if (replies != null) {
      replies.add(reply.array(), reply.rpos(), reply.available());
    }
  }
}
