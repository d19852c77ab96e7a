package dev.converge.agent;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.channel.Channel;
import org.apache.sshd.common.channel.ChannelAsyncOutputStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A forwarded connection: an SSH channel and a socket, with a pump for each direction. */
final class Splice {
  private static final Logger LOG = LoggerFactory.getLogger(Splice.class);

  /** How long what the client has sent may take to reach the socket once the channel is closed. */
  private static final int DRAIN_SECONDS = 30;

  private final Channel channel;
  private final SocketChannel socket;
  private final InputPump input;
  private final ChannelAsyncOutputStream output;
  private volatile CompletableFuture<@Nullable Void> drained =
      CompletableFuture.completedFuture(null);

  /** Tells the client that nothing more comes out of the socket. */
  interface EndOfOutput {
    void send() throws IOException;
  }

  private final class ToSocket implements InputPump.Sink {
    @Override
    public boolean write(ByteBuffer buffer) {
      try {
        while (buffer.hasRemaining()) {
          socket.write(buffer);
        }
        return true;
      } catch (IOException e) {
        return false;
      }
    }

    @Override
    public void end() {
      try {
        socket.shutdownOutput();
      } catch (IOException e) {
        LOG.debug("{}: already closed", socket);
      }
    }
  }

  Splice(Channel channel, SocketChannel socket) {
    this.channel = channel;
    this.socket = socket;
    input = new InputPump(channel);
    output = new ChannelAsyncOutputStream(channel, SshConstants.SSH_MSG_CHANNEL_DATA);
  }

  /** To be called once the client knows that the channel is open. */
  void start(Executor pumps, EndOfOutput endOfOutput) {
    var in = CompletableFuture.runAsync(() -> input.run(new ToSocket()), pumps);
    drained = in;
    var out =
        CompletableFuture.runAsync(
            () -> {
              new OutputPump(this::read, new Outlet(output)).run();
              end(endOfOutput);
            },
            pumps);
    pumps.execute(
        () -> {
          CompletableFuture.allOf(in, out).join();
          channel.close(false);
        });
  }

  private int read(ByteBuffer buffer) throws IOException {
    try {
      return socket.read(buffer.clear());
    } catch (IOException e) {
      // A reset ends the connection in both directions.
      input.close();
      return -1;
    }
  }

  private static void end(EndOfOutput endOfOutput) {
    try {
      endOfOutput.send();
    } catch (IOException e) {
      LOG.debug("gone before the end of output", e);
    }
  }

  void take(byte[] data, int offset, int length) throws IOException {
    input.take(data, offset, length);
  }

  /** The client sends no more. */
  void endInput() {
    input.close();
  }

  void windowExpanded() throws IOException {
    output.onWindowExpanded();
  }

  /**
   * The channel is closed. The client may have closed it right behind its last bytes, so the socket
   * gets those first.
   */
  void close() {
    input.close();
    output.close(true);
    drained.orTimeout(DRAIN_SECONDS, TimeUnit.SECONDS).whenComplete((done, late) -> closeSocket());
  }

  private void closeSocket() {
    try {
      socket.close();
    } catch (IOException e) {
      LOG.debug("{}: closing", socket, e);
    }
  }
}
