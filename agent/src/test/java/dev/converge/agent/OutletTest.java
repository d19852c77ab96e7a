package dev.converge.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.sshd.common.io.IoWriteFuture;
import org.junit.jupiter.api.Test;

final class OutletTest {
  private final UnhurriedClient client = new UnhurriedClient();
  private final Outlet outlet = new Outlet(client);

  private IoWriteFuture send(int length) throws IOException {
    return outlet.send(ByteBuffer.allocate(length));
  }

  @Test
  void whatIsTakenAtOnceNeedNotBeWaitedFor() throws IOException {
    assertThat(send(3).isDone()).isTrue();
    assertThat(client.taken()).isEqualTo(3);
  }

  @Test
  void packetsOfManyWaitForOneAnotherAndBlockNobody() throws IOException {
    client.stop();
    IoWriteFuture first = send(1);
    IoWriteFuture second = send(2);
    IoWriteFuture third = send(4);
    assertThat(client.given()).isEqualTo(1);
    client.takeOne();
    assertThat(first.isWritten()).isTrue();
    assertThat(client.given()).isEqualTo(1 + 2);
    assertThat(second.isDone()).isFalse();
    client.takeOne();
    client.takeOne();
    assertThat(third.isWritten()).isTrue();
    assertThat(client.taken()).isEqualTo(1 + 2 + 4);
  }

  @Test
  void writerHearsThatTheClientIsGone() throws IOException {
    client.stop();
    send(1);
    client.lose();
    assertThatIOException().isThrownBy(() -> outlet.write(ByteBuffer.allocate(1)));
  }
}
