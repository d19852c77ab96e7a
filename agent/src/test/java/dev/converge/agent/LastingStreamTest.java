package dev.converge.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.converge.tunnel.Hello;
import dev.converge.tunnel.HelloReader;
import dev.converge.tunnel.ReplayBudget;
import dev.converge.tunnel.ResumableStream;
import dev.converge.tunnel.SessionId;
import dev.converge.tunnel.StreamId;
import dev.converge.tunnel.StreamLimits;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.util.test.LeakPresenceExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakPresenceExtension.class)
final class LastingStreamTest {
  private static final StreamId ID = new StreamId(1, 2);
  private static final byte[] DATA = {1, 0, 0, 2, 'o', 'k'};

  private final EmbeddedChannel older = new EmbeddedChannel();
  private final EmbeddedChannel newer = new EmbeddedChannel();
  private final List<String> received = new ArrayList<>();
  private final ResumableStream client = ResumableStream.client(ID, StreamLimits.DEFAULT);
  private final ReplayBudget budget = new ReplayBudget(1 << 20);
  private LastingStream stream;

  @BeforeEach
  void open() {
    stream =
        new LastingStream(
            ResumableStream.agent(ID, StreamLimits.DEFAULT, budget),
            older.eventLoop(),
            Duration.ofMinutes(1),
            new StreamLog(new SessionId("x"), "a"));
    var handler = new RecordingHandler(received);
    stream.feed(new StreamSession("a", stream, handler, new Lane(Runnable::run)));
  }

  @AfterEach
  void close() {
    older.finishAndReleaseAll();
    newer.finishAndReleaseAll();
  }

  private Hello nextHello() throws Exception {
    client.pathOpened(0);
    byte[] said = Objects.requireNonNull(client.poll(0)).head();
    client.pathLost();
    var reader = new HelloReader();
    reader.take(said, 0, said.length);
    return Objects.requireNonNull(reader.hello());
  }

  private StreamPath path(EmbeddedChannel channel) throws Exception {
    return path(channel, nextHello());
  }

  private StreamPath path(EmbeddedChannel channel, Hello hello) {
    var path = new StreamPath(channel, "a", stream);
    stream.attach(path, hello);
    return path;
  }

  @Test
  void bytesAndTheEndOfAConnectionThatWasLeftComeTooLate() throws Exception {
    StreamPath left = path(older);
    stream.received(left, DATA);
    assertThat(received).hasSize(1);
    StreamPath current = path(newer);

    stream.received(left, DATA);
    stream.lost(left, "late");
    stream.readComplete(left);

    assertThat(received).hasSize(1);
    stream.received(current, DATA);
    assertThat(received).hasSize(2);
  }

  @Test
  void connectionThatWasHeldUpDoesNotTakeTheStreamFromALaterOne() throws Exception {
    var late = new EmbeddedChannel(new ControlFrames(Duration.ofSeconds(1)));
    Hello heldUp = nextHello();
    StreamPath current = path(newer);

    path(late, heldUp);

    stream.received(current, DATA);
    assertThat(received).hasSize(1);
    CloseWebSocketFrame close = late.readOutbound();
    assertThat(close.statusCode()).isEqualTo(1001);
    close.release();
    late.finishAndReleaseAll();
  }

  @Test
  void streamThatEndsLeavesItsMemoryToOthers() throws Exception {
    byte[] much = new byte[2 << 20];
    path(older);
    stream.send(much, 0, much.length, failed -> {});
    older.runPendingTasks();
    var other = ResumableStream.agent(new StreamId(3, 4), StreamLimits.DEFAULT, budget);
    assertThat(other.write(much, 0, much.length)).isEqualTo(1 << 20);

    stream.forget();

    assertThat(other.write(much, 0, much.length)).isEqualTo(1 << 20);
  }
}
