package dev.converge.agent;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnresolvedAddressException;
import java.util.List;
import org.apache.sshd.client.future.DefaultOpenFuture;
import org.apache.sshd.client.future.OpenFuture;
import org.apache.sshd.common.Closeable;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.server.channel.AbstractServerChannel;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A connection that a client asks for: {@code ssh -L}, {@code -D}, {@code -W}. */
final class DirectChannel extends AbstractServerChannel {
  static final String TCP = "direct-tcpip";
  static final String UNIX = "direct-streamlocal@openssh.com";

  private static final Logger LOG = LoggerFactory.getLogger(DirectChannel.class);

  private final String type;
  private final Forwarding forwarding;
  private volatile @Nullable Splice splice;

  DirectChannel(String type, Forwarding forwarding) {
    super("", List.of(), null);
    this.type = type;
    this.forwarding = forwarding;
  }

  /** Answers by itself, now or later: the future would not tell the client why it was refused. */
  @Override
  protected OpenFuture doInit(Buffer buffer) {
    var later = new DefaultOpenFuture(this, this);
    String target = buffer.getString();
    int port = type.equals(TCP) ? buffer.getInt() : 0;
    if (forwarding.allowed(getSession())) {
      forwarding.pumps().execute(() -> connect(target, port));
    } else {
      refuse(SshConstants.SSH_OPEN_ADMINISTRATIVELY_PROHIBITED, Forwarding.REFUSAL);
    }
    return later;
  }

  private void connect(String target, int port) {
    try {
      SocketAddress address =
          type.equals(TCP)
              ? new InetSocketAddress(target, port)
              : UnixDomainSocketAddress.of(forwarding.resolve(target));
      SocketChannel socket = SocketChannel.open(address);
      if (type.equals(TCP)) {
        socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
      }
      opened(socket);
    } catch (IOException | IllegalArgumentException e) {
      LOG.debug("{}: cannot connect to {}", getSession(), target, e);
      String reason = e instanceof UnresolvedAddressException ? "unknown host" : e.getMessage();
      refuse(SshConstants.SSH_OPEN_CONNECT_FAILED, target + ": " + reason);
    }
  }

  private void opened(SocketChannel socket) {
    var spliced = new Splice(this, socket);
    splice = spliced;
    signalChannelOpenSuccess();
    spliced.start(forwarding.pumps(), this::sendEof);
    if (isClosing()) {
      spliced.close();
    }
  }

  private void refuse(int code, String reason) {
    try {
      Buffer buffer = getSession().createBuffer(SshConstants.SSH_MSG_CHANNEL_OPEN_FAILURE);
      buffer.putUInt(getRecipient());
      buffer.putUInt(code);
      buffer.putString(reason);
      buffer.putString("");
      getSession().writePacket(buffer);
    } catch (IOException e) {
      LOG.debug("{}: gone before a refusal", getSession(), e);
    }
    close(true);
  }

  @Override
  protected void doWriteData(byte[] data, int offset, long length) throws IOException {
    Splice spliced = splice;
    if (spliced != null) {
      forwarding.input();
      spliced.take(data, offset, (int) length);
    }
  }

  @Override
  protected void doWriteExtendedData(byte[] data, int offset, long length) {
    throw new UnsupportedOperationException(type + " has no extended data");
  }

  @Override
  public void handleEof() throws IOException {
    super.handleEof();
    Splice spliced = splice;
    if (spliced != null) {
      spliced.endInput();
    }
  }

  @Override
  public void handleWindowAdjust(Buffer buffer) throws IOException {
    super.handleWindowAdjust(buffer);
    Splice spliced = splice;
    if (spliced != null) {
      spliced.windowExpanded();
    }
  }

  @Override
  protected Closeable getInnerCloseable() {
    return builder()
        .close(super.getInnerCloseable())
        .run(
            toString(),
            () -> {
              Splice spliced = splice;
              if (spliced != null) {
                spliced.close();
              }
            })
        .build();
  }
}
