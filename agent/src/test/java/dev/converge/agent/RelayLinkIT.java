package dev.converge.agent;

import static dev.converge.agent.FakeRelay.BINARY;
import static dev.converge.agent.FakeRelay.CLOSE;
import static dev.converge.agent.FakeRelay.CONTINUATION;
import static dev.converge.agent.FakeRelay.FIN;
import static dev.converge.agent.FakeRelay.PING;
import static dev.converge.agent.FakeRelay.PONG;
import static dev.converge.agent.FakeRelay.TEXT;
import static dev.converge.agent.FakeRelay.frame;
import static dev.converge.agent.FakeRelay.paired;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.converge.agent.FakeRelay.Connection;
import dev.converge.agent.FakeRelay.Frame;
import dev.converge.agent.LinkFixture.Session;
import io.netty.util.test.LeakPresenceExtension;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.net.ServerSocketFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
@ExtendWith(LeakPresenceExtension.class)
final class RelayLinkIT {
  private FakeRelay relay;

  @BeforeEach
  void start() throws IOException {
    relay = new FakeRelay();
  }

  @AfterEach
  void stop() throws IOException {
    relay.close();
  }

  @Test
  void slotThatIsTakenIsReplacedAtOnce() throws Exception {
    try (LinkFixture link = new LinkFixture(relay.port())) {
      Connection first = relay.slot();
      Connection second = relay.slot();
      assertThat(link.ready.await(10, TimeUnit.SECONDS)).isTrue();
      assertThat(relay.isLeftAlone(100)).isTrue();

      first.write(paired("192.0.2.7:1234"));
      assertThat(link.session().client).isEqualTo("192.0.2.7:1234");
      Connection third = relay.slot();

      Set<String> tokens = new HashSet<>();
      Set<String> keys = new HashSet<>();
      for (Connection slot : List.of(first, second, third)) {
        assertThat(slot.request).startsWith("GET /agent/id HTTP/1.1\r\n");
        assertThat(slot.header("Host")).isEqualTo("127.0.0.1:" + relay.port());
        assertThat(slot.header("Sec-WebSocket-Protocol")).isEqualTo("converge.v1");
        keys.add(slot.header("Converge-Key"));
        tokens.add(slot.header("Authorization"));
      }
      assertThat(tokens)
          .hasSize(3)
          .allMatch(token -> token.matches("Bearer [\\w-]+\\.[\\w-]+\\.[\\w-]{86}"));
      assertThat(keys).containsExactly("secret of this run");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "this relay asks for a token",
        "the token is from 75 s in the future: set the clocks",
      })
  void tokenThatDoesNotCountEndsTheSearchAtOnce(String line) throws Exception {
    try (LinkFixture link = new LinkFixture(url() + "?jwt=aaa.bbb.ccc", LinkFixture.QUICK)) {
      relay.next().refuse(401, line);

      assertThat(link.failure()).isEqualTo("relay " + url() + ": " + line + " (HTTP 401 No)");
      assertThat(relay.isLeftAlone(100)).isTrue();
    }
  }

  @Test
  void bytesRightBehindTheUpgradeAreNotLost() throws Exception {
    try (LinkFixture link = new LinkFixture(relay.port())) {
      Connection slot = relay.next();
      slot.write(
          slot.granted("Sec-WebSocket-Protocol: converge.v1"),
          paired("a"),
          frame(FIN | BINARY, "first "),
          frame(FIN | BINARY, "second"));

      Session session = link.session().reading();

      await().untilAsserted(() -> assertThat(session.received()).isEqualTo("first second"));
    }
  }

  @Test
  void bytesSurviveAnyFragmentation() throws Exception {
    try (LinkFixture link = new LinkFixture(relay.port())) {
      Connection slot = relay.slot();
      byte[] all =
          concatenated(
              frame(TEXT, "{\"type\":\"pai"),
              frame(FIN | PING, "there?"),
              frame(FIN | CONTINUATION, "red\",\"client\":\"a\"}"),
              frame(BINARY, "a"),
              frame(CONTINUATION, ""),
              frame(FIN | PING, "still?"),
              frame(CONTINUATION, "b"),
              frame(FIN | CONTINUATION, "c"),
              frame(TEXT, "{\"type\":"),
              frame(FIN | CONTINUATION, "\"later\"}"),
              frame(FIN | BINARY, "d"));
      for (byte b : all) {
        slot.write(new byte[] {b});
      }

      Session session = link.session().reading();

      await().untilAsserted(() -> assertThat(session.received()).isEqualTo("abcd"));
      assertThat(slot.read().payload()).isEqualTo("there?");
      assertThat(slot.read().opcode()).isEqualTo(PONG);
    }
  }

  @Test
  void bytesOfTheSessionBecomeBinaryMessages() throws Exception {
    try (LinkFixture link = new LinkFixture(relay.port())) {
      Connection slot = relay.slot();
      slot.write(paired("a"));

      link.session().send("SSH-2.0-x\r\n");

      Frame frame = slot.read();
      assertThat(frame.opcode()).isEqualTo(BINARY);
      assertThat(frame.payload()).isEqualTo("SSH-2.0-x\r\n");
    }
  }

  @Test
  void firstBytesTakeTheSlotOfARelayWithoutTheSubprotocol() throws Exception {
    try (LinkFixture link = new LinkFixture(relay.port())) {
      Connection slot = relay.next();
      slot.write(slot.granted());
      slot.write(frame(BINARY, "ab"), frame(FIN | CONTINUATION, "c"));

      Session session = link.session().reading();

      await().untilAsserted(() -> assertThat(session.received()).isEqualTo("abc"));
      assertThat(session.client).isEqualTo("unknown");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "[]", "{\"type\":7}", "{\"type\":\"drain\"}", "null", "\u00e4"})
  void textThatIsNotUnderstoodIsIgnored(String text) throws Exception {
    try (LinkFixture link = new LinkFixture(relay.port())) {
      Connection slot = relay.slot();
      slot.write(frame(FIN | TEXT, text), paired("b"));

      assertThat(link.session().client).isEqualTo("b");
    }
  }

  @Test
  void closeOfTheOtherSideComesBehindItsBytesAndIsAnswered() throws Exception {
    try (LinkFixture link = new LinkFixture(relay.port())) {
      Connection slot = relay.slot();
      slot.write(paired("a"), frame(FIN | BINARY, "last"), FakeRelay.close(1001, "bye"));

      Session session = link.session().reading();

      await().until(() -> !session.channel.isActive());
      assertThat(session.received()).isEqualTo("last");
      assertThat(slot.read().closeCode()).isEqualTo(1001);
      assertThat(slot.isEnded()).isTrue();
    }
  }

  @Test
  void closeOfThisSideComesBehindItsBytesAndWaitsForTheAnswer() throws Exception {
    LinkTimes times = LinkFixture.closingWithin(Duration.ofSeconds(10));
    try (LinkFixture link = new LinkFixture(url(), times)) {
      Connection slot = relay.slot();
      slot.write(paired("a"));
      Session session = link.session();
      session.send("last");
      session.channel.close();

      assertThat(slot.read().payload()).isEqualTo("last");
      assertThat(slot.read().closeCode()).isEqualTo(1000);
      slot.socket.setSoTimeout(100);
      assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(slot::read);
      slot.write(frame(FIN | BINARY, "too late"), FakeRelay.close(1000, ""));

      await().until(() -> !session.channel.isActive());
      assertThat(session.received()).isEmpty();
    }
  }

  @Test
  void closeThatIsNotAnsweredEndsAtItsDeadline() throws Exception {
    try (LinkFixture link = new LinkFixture(relay.port())) {
      Connection slot = relay.slot();
      slot.write(paired("a"));
      Session session = link.session();

      session.channel.close();

      await().until(() -> !session.channel.isOpen());
      assertThat(slot.read().opcode()).isEqualTo(CLOSE);
      assertThat(slot.isEnded()).isTrue();
    }
  }

  @Test
  void brokenProtocolIsAnsweredWithItsCode() throws Exception {
    byte[] masked = {(byte) (FIN | BINARY), (byte) 0x81, 1, 2, 3, 4, 5};
    byte[] huge = {(byte) (FIN | BINARY), 127, 0, 0, 0, 0, 0, 0x10, 0, 1};
    Map<byte[], Integer> violations =
        Map.of(
            masked,
            1002,
            frame(FIN | 3, ""),
            1002,
            frame(FIN | CONTINUATION, ""),
            1002,
            frame(FIN | TEXT, new byte[] {(byte) 0xff}),
            1007,
            huge,
            1009);
    try (LinkFixture link = new LinkFixture(relay.port())) {
      for (Map.Entry<byte[], Integer> violation : violations.entrySet()) {
        Connection waiting = relay.slot();
        waiting.write(violation.getKey());
        assertThat(waiting.read().closeCode()).isEqualTo(violation.getValue());
        waiting.socket.close();

        Connection taken = relay.slot();
        taken.write(paired("a"), violation.getKey());
        Session session = link.session().reading();
        assertThat(taken.read().closeCode()).isEqualTo(violation.getValue());
        taken.socket.close();
        await().until(() -> !session.channel.isActive());
      }
    }
  }

  @Test
  void relayThatComesBackFindsTheAgentAgainAndSessionsGoOn() throws Exception {
    try (LinkFixture link = new LinkFixture(relay.port())) {
      Connection taken = relay.slot();
      taken.write(paired("a"));
      Session session = link.session().reading();
      relay.slot().socket.close();
      relay.slot().socket.close();
      relay.slot().socket.close();
      taken.write(frame(FIN | BINARY, "still here"));
      await().untilAsserted(() -> assertThat(session.received()).isEqualTo("still here"));

      int port = relay.port();
      relay.close();
      await().until(() -> !session.channel.isActive());
      relay = new FakeRelay(port, ServerSocketFactory.getDefault());

      relay.slot().write(paired("b"));
      assertThat(link.session().client).isEqualTo("b");
      assertThat(link.gaveUp).isNotDone();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 404, 409, 426})
  void firstRefusalThatCannotGetBetterEndsTheLinkWithTheRelaysLine(int status) throws Exception {
    try (LinkFixture link = new LinkFixture(relay.port())) {
      relay.next().refuse(status, "this ID is \u001btaken");

      assertThat(link.failure())
          .isEqualTo("relay " + url() + ": this ID is ?taken (HTTP " + status + " No)");
      assertThat(relay.isLeftAlone(100)).isTrue();
    }
  }

  @Test
  void answerOfSomethingElseIsNotPrinted() throws Exception {
    try (LinkFixture link = new LinkFixture(relay.port())) {
      relay.next().refuse(302, "Content-Type: text/html\r\nLocation: /login\r\n", "<html>");

      assertThat(link.failure())
          .endsWith(": the answer was HTTP 302 No to /login, which no relay says");
    }
  }

  @Test
  void upgradeWithTheWrongProofIsRefused() throws Exception {
    try (LinkFixture link = new LinkFixture(relay.port())) {
      Connection slot = relay.next();
      String granted = new String(slot.granted(), StandardCharsets.US_ASCII);
      slot.write(
          granted.replaceAll("Accept: ....", "Accept: AAAA").getBytes(StandardCharsets.US_ASCII));

      assertThat(link.failure()).contains("without a proper WebSocket handshake");
    }
  }

  @ParameterizedTest
  @CsvSource({"429", "500", "503"})
  void passingRefusalIsOvercome(int status) throws Exception {
    try (LinkFixture link = new LinkFixture(relay.port())) {
      relay.next().refuse(status, "not now");
      relay.slot();

      assertThat(link.ready.await(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void relayIsLeftAloneForAsLongAsItWants() throws Exception {
    try (LinkFixture link = new LinkFixture(relay.port())) {
      relay.next().refuse(503, "Retry-After: 1\r\n", "");
      long refused = System.nanoTime();
      relay.slot();

      assertThat(Duration.ofNanos(System.nanoTime() - refused))
          .isGreaterThan(Duration.ofMillis(900));
      assertThat(link.gaveUp).isNotDone();
    }
  }

  @Test
  void refusalAfterARegistrationIsOvercome() throws Exception {
    try (LinkFixture link = new LinkFixture(relay.port())) {
      Connection first = relay.slot();
      Connection second = relay.slot();
      first.socket.close();
      second.socket.close();
      relay.next().refuse(409, "this ID is taken");
      relay.slot();
      relay.slot().write(paired("a"));

      assertThat(link.session().client).isEqualTo("a");
      assertThat(link.gaveUp).isNotDone();
    }
  }

  @Test
  void relayThatIsNeverThereIsGivenUp() throws Exception {
    relay.close();
    try (LinkFixture link = impatient(Duration.ofMillis(300))) {
      assertThat(link.failure())
          .isEqualTo("relay " + url() + ": connection refused; tried for 0 seconds");
    }
  }

  @Test
  void lostRelayIsNotGivenUpWhileAClientIsConnected() throws Exception {
    try (LinkFixture link = impatient(Duration.ofMillis(100))) {
      Connection taken = relay.slot();
      taken.write(paired("a"));
      Session session = link.session().reading();
      for (int attempt = 0; attempt < 10; attempt++) {
        relay.next().refuse(503, "starting");
      }
      assertThat(link.gaveUp).isNotDone();

      taken.socket.close();
      await().until(() -> !session.channel.isActive());
      while (!link.gaveUp.isDone()) {
        relay.next().refuse(503, "starting");
      }
      assertThat(link.failure()).contains("starting (HTTP 503 No); tried for ");
    }
  }

  @Test
  void slotOfASilentRelayIsReplaced() throws Exception {
    Duration ping = Duration.ofMillis(100);
    try (LinkFixture link = new LinkFixture(url(), LinkFixture.pingingEvery(ping))) {
      Connection first = relay.slot();
      assertThat(first.read().opcode()).isEqualTo(PING);
      assertThat(first.read().opcode()).isEqualTo(PING);
      first.awaitEnd();
      relay.slot();
      assertThat(link.gaveUp).isNotDone();
    }
  }

  @Test
  void slotOfARelayThatAnswersPingsStays() throws Exception {
    Duration ping = Duration.ofMillis(100);
    try (LinkFixture link = new LinkFixture(url(), LinkFixture.pingingEvery(ping))) {
      Connection slot = relay.slot();
      for (int i = 0; i < 8; i++) {
        assertThat(slot.read().opcode()).isEqualTo(PING);
        slot.write(frame(FIN | PONG, ""));
      }
      slot.write(paired("a"));
      assertThat(link.session().channel.isActive()).isTrue();
    }
  }

  @Test
  void silentSessionIsPingedButNotJudged() throws Exception {
    Duration ping = Duration.ofMillis(50);
    try (LinkFixture link = new LinkFixture(url(), LinkFixture.pingingEvery(ping))) {
      Connection slot = relay.slot();
      slot.write(paired("a"));
      Session session = link.session();
      for (int i = 0; i < 8; i++) {
        assertThat(slot.read().opcode()).isEqualTo(PING);
      }

      slot.write(frame(FIN | BINARY, "awake"));
      session.reading();

      await().untilAsserted(() -> assertThat(session.received()).isEqualTo("awake"));
    }
  }

  @Test
  void clientThatDoesNotReadStopsTheSessionsWriter() throws Exception {
    try (LinkFixture link = new LinkFixture(relay.port())) {
      Connection slot = relay.slot();
      slot.write(paired("a"));
      Session session = link.session();
      String block = "x".repeat(32 << 10);
      int blocks = 0;
      while (session.channel.isWritable()) {
        session.send(block);
        blocks++;
        assertThat(blocks).as("blocks without back-pressure").isLessThan(4096);
      }

      for (int i = 0; i < blocks; i++) {
        assertThat(slot.read().payload()).hasSize(block.length());
      }
      await().until(session.channel::isWritable);
    }
  }

  @Test
  void sessionThatDoesNotReadStopsTheClientsWriter() throws Exception {
    try (LinkFixture link = new LinkFixture(relay.port())) {
      Connection slot = relay.slot();
      slot.write(paired("a"));
      Session session = link.session();
      byte[] frame = frame(FIN | BINARY, "x".repeat(60_000));
      Thread writer =
          new Thread(
              () -> {
                try {
                  for (int i = 0; i < 400; i++) {
                    slot.write(frame);
                  }
                } catch (IOException e) {
                  throw new AssertionError(e);
                }
              });
      writer.start();

      writer.join(500);
      assertThat(writer.isAlive()).as("held up").isTrue();
      assertThat(session.count()).isLessThan(1 << 20);

      session.reading();
      await().until(() -> session.count() == 24_000_000);
    }
  }

  @Test
  void relayThatDoesNotAnswerIsAskedAgain() throws Exception {
    LinkTimes times =
        new LinkTimes(
            LinkFixture.QUICK.connect(),
            Duration.ofMillis(100),
            LinkFixture.QUICK.close(),
            LinkFixture.QUICK.ping(),
            LinkFixture.QUICK.firstRetry(),
            LinkFixture.QUICK.lastRetry(),
            LinkFixture.QUICK.lastAwaitedRetry());
    try (LinkFixture link = new LinkFixture(url(), times)) {
      relay.next().awaitEnd();
      relay.slot();

      assertThat(link.ready.await(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void lostRelayIsSoughtMoreOftenWhileAClientIsExpectedBack() throws Exception {
    LinkTimes times = LinkFixture.seldomUnlessAwaited(Duration.ofMillis(20));
    try (LinkFixture link = new LinkFixture(url(), times)) {
      Connection first = relay.slot();
      Connection second = relay.slot();
      assertThat(link.ready.await(10, TimeUnit.SECONDS)).isTrue();
      link.expect();
      first.socket.close();
      Connection third = relay.slot();
      link.expectNoMore();
      second.socket.close();
      third.socket.close();

      assertThat(relay.isLeftAlone(200)).isTrue();
    }
  }

  @Test
  void unknownHostIsNamed() throws Exception {
    try (LinkFixture link =
        new LinkFixture(
            "ws://relay.invalid/agent/id",
            LinkFixture.QUICK,
            Duration.ofMillis(500),
            Map.of(),
            null)) {
      assertThat(link.failure()).contains("relay.invalid", "; tried for ");
    }
  }

  @Test
  void closingTellsTheRelay() throws Exception {
    Connection first;
    Connection second;
    try (LinkFixture link = new LinkFixture(relay.port())) {
      first = relay.slot();
      second = relay.slot();
      for (Connection slot : List.of(first, second)) {
        slot.write(frame(FIN | PING, "open?"));
        assertThat(slot.read().payload()).isEqualTo("open?");
      }
      assertThat(link.gaveUp).isNotDone();
    }
    assertThat(first.read().closeCode()).isEqualTo(1000);
    assertThat(second.read().closeCode()).isEqualTo(1000);
    assertThat(relay.isLeftAlone(100)).isTrue();
  }

  private LinkFixture impatient(Duration connectTimeout) {
    return new LinkFixture(url(), LinkFixture.QUICK, connectTimeout, Map.of(), null);
  }

  private String url() {
    return "ws://127.0.0.1:" + relay.port() + "/agent/id";
  }

  private static byte[] concatenated(byte[]... parts) {
    var all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }
}
