package dev.converge.agent;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.io.IoOutputStream;
import org.apache.sshd.common.io.IoWriteFuture;
import org.apache.sshd.common.session.helpers.PacketBuffer;
import org.apache.sshd.common.util.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * One way out to a client. What is in flight is bounded by the client's window, by {@link Ahead},
 * and by two chunks: the one on its way to the network, and the one that waits for it.
 */
final class Outlet {
  /** Where the data of a packet lie: behind its header, the command, the channel, the length. */
  private static final int HEAD = SshConstants.SSH_PACKET_HEADER_LEN + 1 + 4 + 4;

  /** Room for the padding and the MAC behind the data. */
  private static final int TAIL = 128;

  private final IoOutputStream stream;
  private @Nullable IoWriteFuture inFlight;

  Outlet(IoOutputStream stream) {
    this.stream = stream;
  }

  /** Sends a copy of the bytes; blocks as long as the client does not read. */
  void write(ByteBuffer bytes) throws IOException {
    int end = HEAD + bytes.remaining();
    byte[] room = new byte[end + TAIL];
    bytes.get(room, HEAD, bytes.remaining());
    // Where the whole fits into a packet, it is encrypted where it lies.
    var packet = new PacketBuffer(room, false);
    packet.wpos(end);
    packet.rpos(HEAD);
    write(packet);
  }

  private synchronized void write(Buffer packet) throws IOException {
    flush();
    inFlight = stream.writeBuffer(packet);
  }

  synchronized void flush() throws IOException {
    if (inFlight != null) {
      inFlight.verify();
      inFlight = null;
    }
  }
}
