package dev.converge.agent;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.Objects;
import java.util.function.Consumer;
import org.apache.sshd.client.channel.AbstractClientChannel;
import org.apache.sshd.client.future.DefaultOpenFuture;
import org.apache.sshd.client.future.OpenFuture;
import org.apache.sshd.common.Closeable;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.util.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/** A connection that somebody here made to a socket of the client's: {@code ssh -R}, {@code -A}. */
final class ForwardedChannel extends AbstractClientChannel {
  private final SocketChannel socket;
  private final Consumer<Buffer> details;
  private final Forwarding forwarding;
  private volatile @Nullable Splice splice;

  /**
   * @param details writes what belongs to the type after the common part of the open message
   */
  ForwardedChannel(
      String type, SocketChannel socket, Consumer<Buffer> details, Forwarding forwarding) {
    super(type);
    this.socket = socket;
    this.details = details;
    this.forwarding = forwarding;
  }

  @Override
  public synchronized OpenFuture open() throws IOException {
    openFuture = new DefaultOpenFuture(this, futureLock);
    Buffer buffer = getSession().createBuffer(SshConstants.SSH_MSG_CHANNEL_OPEN);
    buffer.putString(getChannelType());
    buffer.putUInt(getChannelId());
    buffer.putUInt(getLocalWindow().getSize());
    buffer.putUInt(getLocalWindow().getPacketSize());
    details.accept(buffer);
    writePacket(buffer);
    return openFuture;
  }

  @Override
  protected void doOpen() {
    var spliced = new Splice(this, socket);
    splice = spliced;
    spliced.start(forwarding.pumps(), this::sendEof);
  }

  @Override
  protected void doWriteData(byte[] data, int offset, long length) throws IOException {
    forwarding.input();
    Objects.requireNonNull(splice).take(data, offset, (int) length);
  }

  @Override
  public void handleEof() throws IOException {
    super.handleEof();
    Objects.requireNonNull(splice).endInput();
  }

  @Override
  public void handleWindowAdjust(Buffer buffer) throws IOException {
    super.handleWindowAdjust(buffer);
    Objects.requireNonNull(splice).windowExpanded();
  }

  @Override
  protected boolean mayWrite() {
    return !isClosed();
  }

  @Override
  protected Closeable getInnerCloseable() {
    return builder()
        .close(super.getInnerCloseable())
        .run(
            toString(),
            () -> {
              Splice spliced = splice;
              if (spliced == null) {
                closeSocket();
              } else {
                spliced.close();
              }
            })
        .build();
  }

  private void closeSocket() {
    try {
      socket.close();
    } catch (IOException e) {
      log.debug("{}: closing", socket, e);
    }
  }
}
