package dev.converge.agent;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.io.AbstractIoWriteFuture;
import org.apache.sshd.common.io.IoOutputStream;
import org.apache.sshd.common.io.IoWriteFuture;
import org.apache.sshd.common.session.helpers.PacketBuffer;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.threads.ThreadUtils;

/**
 * One way out to a client. What is in flight is bounded by the client's window, by {@link Ahead},
 * and by two chunks: the one on its way to the network, and the one that waits for it.
 */
final class Outlet {
  /** Where the data of a packet lie: behind its header, the command, the channel, the length. */
  private static final int HEAD = SshConstants.SSH_PACKET_HEADER_LEN + 1 + 4 + 4;

  /** Room for the padding and the MAC behind the data. */
  private static final int TAIL = 128;

  static final IoWriteFuture SENT = AbstractIoWriteFuture.fulfilled("outlet", true);

  private final IoOutputStream stream;
  private IoWriteFuture last = SENT;

  /** A packet that waits for the one before it; the stream takes one at a time. */
  private final class Next extends AbstractIoWriteFuture {
    Next(Buffer packet) {
      super("next", null);
      last.addListener(before -> send(packet));
    }

    private void send(Buffer packet) {
      try {
        give(packet).addListener(w -> setValue(w.isWritten() ? true : w.getException()));
      } catch (IOException e) {
        setValue(e);
      }
    }
  }

  Outlet(IoOutputStream stream) {
    this.stream = stream;
  }

  /** Sends a copy of the bytes; blocks as long as the client does not read. */
  void write(ByteBuffer bytes) throws IOException {
    flush();
    send(bytes);
  }

  /**
   * Sends a copy of the bytes behind all others, without blocking. Who has more to send waits until
   * the future is done, which it is at once while little is on its way.
   */
  synchronized IoWriteFuture send(ByteBuffer bytes) throws IOException {
    Buffer packet = packet(bytes);
    last = last.isDone() ? give(packet) : new Next(packet);
    return last;
  }

  private static Buffer packet(ByteBuffer bytes) {
    int end = HEAD + bytes.remaining();
    byte[] room = new byte[end + TAIL];
    bytes.get(room, HEAD, bytes.remaining());
    // Where the whole fits into a packet, it is encrypted where it lies.
    var packet = new PacketBuffer(room, false);
    packet.wpos(end);
    packet.rpos(HEAD);
    return packet;
  }

  /** As if by a thread of the library, which a key exchange does not hold up: it keeps packets. */
  private IoWriteFuture give(Buffer packet) throws IOException {
    return ThreadUtils.runAsInternal(packet, stream::writeBuffer);
  }

  void flush() throws IOException {
    last().verify();
  }

  private synchronized IoWriteFuture last() {
    return last;
  }
}
