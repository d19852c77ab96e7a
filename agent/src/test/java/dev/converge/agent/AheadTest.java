package dev.converge.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import org.apache.sshd.common.channel.Channel;
import org.apache.sshd.common.io.AbstractIoWriteFuture;
import org.apache.sshd.common.io.IoWriteFuture;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.junit.jupiter.api.Test;

final class AheadTest {
  private static final int PACKET = 32 * 1024;

  private final ArrayDeque<Packet> network = new ArrayDeque<>();
  private final Ahead ahead = new Ahead(channel());

  private static final class Packet extends AbstractIoWriteFuture {
    Packet() {
      super("packet", null);
    }
  }

  private Channel channel() {
    return (Channel)
        Proxy.newProxyInstance(
            Channel.class.getClassLoader(),
            new Class<?>[] {Channel.class},
            (proxy, method, arguments) -> {
              network.add(new Packet());
              return network.getLast();
            });
  }

  private IoWriteFuture write() throws Exception {
    return ahead.writeData(new ByteArrayBuffer(new byte[PACKET]));
  }

  @Test
  void networkThatStandsStillStopsTheWriterAtAFixedSum() throws Exception {
    for (int sum = PACKET; sum <= Ahead.MOST; sum += PACKET) {
      assertThat(write().isWritten()).isTrue();
    }
    assertThat(write().isDone()).isFalse();
  }

  @Test
  void whatIsOutMakesRoom() throws Exception {
    IoWriteFuture last = write();
    for (int sum = PACKET; sum <= Ahead.MOST; sum += PACKET) {
      last = write();
    }
    assertThat(last.isDone()).isFalse();
    network.forEach(packet -> packet.setValue(true));
    assertThat(last.isWritten()).isTrue();
    assertThat(write().isWritten()).isTrue();
  }
}
