package dev.converge.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A client and an agent of a resumable stream, and paths between them that can be cut anywhere.
 * Each end says bytes that depend on their position alone, and checks those that it hears.
 */
final class TwoEnds {
  static final CloseReason BYE = new CloseReason(1000, "bye");
  static final CloseReason EXPIRED = new CloseReason(1008, "expired");

  private final StreamLimits limits;
  private final int pathCapacity;
  final End client;
  final End agent;
  private @Nullable HelloReader asked;

  /** What the client has said on its paths so far, that of the current one excepted. */
  private final List<Hello> earlier = new ArrayList<>();

  boolean up;
  long now = Long.MAX_VALUE - 1_000_000_000L; // it overflows on the way, as nanoTime may

  static StreamLimits limits(int replay, int ackBytes) {
    return new StreamLimits(
        replay,
        ackBytes,
        Duration.ofSeconds(1),
        Duration.ofSeconds(20),
        Duration.ofSeconds(3),
        Duration.ofSeconds(30),
        Duration.ofSeconds(10));
  }

  TwoEnds(StreamLimits limits, int pathCapacity, int clientBytes, int agentBytes) {
    this.limits = limits;
    this.pathCapacity = pathCapacity;
    StreamId id = new StreamId(7, 11);
    client = new End(ResumableStream.client(id, limits), 3, clientBytes, BYE);
    agent =
        new End(
            ResumableStream.agent(id, limits, ReplayBudget.unlimited()), 5, agentBytes, EXPIRED);
    client.peer = agent;
    agent.peer = client;
  }

  /** One end, what it has said and heard, and what is on its way from it. */
  final class End {
    final ResumableStream stream;
    private final int salt;
    private final int total;
    private final CloseReason reason;
    private @Nullable End peer;
    final ByteArrayOutputStream wire = new ByteArrayOutputStream();
    int said;
    int heard;
    int acks;
    @Nullable CloseReason ended;

    End(ResumableStream stream, int salt, int total, CloseReason reason) {
      this.stream = stream;
      this.salt = salt;
      this.total = total;
      this.reason = reason;
    }

    byte at(int position) {
      return (byte) (position * 31 + (position >> 8) * 17 + salt);
    }

    End peer() {
      return Objects.requireNonNull(peer);
    }

    void say(int most) {
      byte[] chunk = new byte[Math.min(most, total - said)];
      for (int i = 0; i < chunk.length; i++) {
        chunk[i] = at(said + i);
      }
      said += stream.write(chunk, 0, chunk.length);
      Arrays.fill(chunk, (byte) 0);
      expect(said - peer().heard <= limits.replay(), "more is kept than may be");
      expect(stream.room() >= 0 && stream.room() <= limits.replay(), "no such room");
      if (said == total) {
        stream.end(reason);
      }
    }

    void hear(StreamEvent event) {
      if (event instanceof StreamEvent.Data data) {
        expect(ended == null, "data after the end");
        for (int i = 0; i < data.length(); i++) {
          expect(data.bytes()[data.offset() + i] == peer().at(heard), "another byte");
          heard++;
        }
      } else if (event instanceof StreamEvent.Ended end) {
        assertThat(ended).isNull();
        assertThat(heard).isEqualTo(peer().total);
        ended = end.reason();
      }
    }

    void send() {
      while (up && wire.size() < pathCapacity) {
        Segment segment = stream.poll(now);
        if (segment == null) {
          return;
        }
        wire.writeBytes(segment.head());
        wire.write(segment.body(), segment.offset(), segment.length());
        acks += segment.head()[0] == StreamFrame.ACK ? 1 : 0;
      }
    }
  }

  /** AssertJ takes too long for what is asked a million times. */
  private static void expect(boolean condition, String otherwise) {
    if (!condition) {
      throw new AssertionError(otherwise);
    }
  }

  void connect() {
    assertThat(up).isFalse();
    up = true;
    asked = new HelloReader();
    client.stream.pathOpened(now);
  }

  void cut() throws ProtocolViolation {
    up = false;
    rememberHello();
    client.wire.reset();
    agent.wire.reset();
    client.stream.pathLost();
    agent.stream.pathLost();
  }

  private void rememberHello() throws ProtocolViolation {
    HelloReader reader = asked;
    asked = null;
    if (reader != null) {
      byte[] rest = client.wire.toByteArray();
      reader.take(rest, 0, rest.length);
      Hello hello = reader.hello();
      if (hello != null) {
        earlier.add(hello);
      }
    }
  }

  /**
   * What the client has said on a path that it has left reaches the agent now, for the first time
   * or again; what the agent answers there goes nowhere.
   */
  void arriveLate(int which) throws ProtocolViolation {
    if (earlier.isEmpty()) {
      return;
    }
    Hello hello = earlier.get(which % earlier.size());
    if (!agent.stream.isOutdated(hello)) {
      agent.stream.pathLost();
      agent.stream.pathOpened(hello, now);
      while (agent.stream.poll(now) != null) {}
      agent.stream.pathLost();
    }
  }

  /** Carries up to {@code most} bytes from an end to its peer. */
  int carry(End from, int most) throws IOException {
    byte[] all = from.wire.toByteArray();
    int length = Math.min(most, all.length);
    from.wire.reset();
    from.wire.write(all, length, all.length - length);
    byte[] piece = Arrays.copyOf(all, length);
    int taken = from == client ? ask(piece) : 0;
    End to = from.peer();
    to.stream.receive(piece, taken, length - taken, now);
    for (StreamEvent e = to.stream.next(); e != null; e = to.stream.next()) {
      to.hear(e);
    }
    return length;
  }

  private int ask(byte[] piece) throws IOException {
    HelloReader reader = asked;
    if (reader == null) {
      return 0;
    }
    int taken = reader.take(piece, 0, piece.length);
    Hello hello = reader.hello();
    if (hello != null) {
      asked = null;
      earlier.add(hello);
      agent.stream.pathOpened(hello, now);
    }
    return taken;
  }

  boolean finished() {
    return client.stream.finished() && agent.stream.finished();
  }

  /** With a path that stays up, everything gets there. */
  void finish() throws IOException {
    if (!up) {
      connect();
    }
    for (int i = 0; !finished(); i++) {
      expect(i < 20_000, "no end in sight");
      for (End end : new End[] {client, agent}) {
        end.say(Integer.MAX_VALUE);
        end.send();
        carry(end, Integer.MAX_VALUE);
      }
      now += 300_000_000L;
    }
    assertThat(client.heard).isEqualTo(agent.total);
    assertThat(agent.heard).isEqualTo(client.total);
    assertThat(client.ended).isEqualTo(EXPIRED);
    assertThat(agent.ended).isEqualTo(BYE);
  }
}
