package dev.converge.tunnel;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ResumableStreamTest {
  private static final StreamId ID = new StreamId(1, 2);
  private static final String ID_HEX = "0000000000000001 0000000000000002";
  private static final String ACCEPT = accept(1, 0);
  private static final long SECOND = 1_000_000_000L;

  private final ResumableStream client = ResumableStream.client(ID, TwoEnds.limits(10, 4));
  private int paths = 1;

  private static String accept(int path, long received) {
    return "ce435647 01 03 001c" + ID_HEX + "%08x %016x".formatted(path, received);
  }

  private static byte[] hex(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }

  private static String sent(ResumableStream stream, long now) {
    var sent = new ByteArrayOutputStream();
    for (Segment s = stream.poll(now); s != null; s = stream.poll(now)) {
      sent.writeBytes(s.head());
      sent.write(s.body(), s.offset(), s.length());
    }
    return HexFormat.of().formatHex(sent.toByteArray());
  }

  private static String got(ResumableStream stream, String hex, long now) throws IOException {
    byte[] bytes = hex(hex);
    stream.receive(bytes, 0, bytes.length, now);
    var events = new StringBuilder();
    for (StreamEvent e = stream.next(); e != null; e = stream.next()) {
      events.append(
          e instanceof StreamEvent.Data d
              ? new String(d.bytes(), d.offset(), d.length(), UTF_8)
              : e instanceof StreamEvent.Plain p
                  ? "Plain " + new String(p.bytes(), p.offset(), p.length(), UTF_8)
                  : e.toString());
    }
    return events.toString();
  }

  private static int write(ResumableStream stream, String text) {
    return stream.write(text.getBytes(UTF_8), 0, text.length());
  }

  private void open() throws IOException {
    client.pathOpened(0);
    assertThat(sent(client, 0)).isNotEmpty();
    assertThat(got(client, ACCEPT, 0)).isEqualTo("Opened[]");
  }

  private void reconnect(long received) throws IOException {
    client.pathLost();
    client.pathOpened(0);
    sent(client, 0);
    assertThat(got(client, accept(++paths, received), 0)).isEqualTo("Resumed[]");
  }

  private void assertViolation(String input, String message) {
    assertThatExceptionOfType(ProtocolViolation.class)
        .isThrownBy(() -> got(client, input, 0))
        .withMessage(message);
    assertThat(client.room()).isZero();
    assertThat(sent(client, 0)).isEmpty();
  }

  @Test
  void clientOpensAndThenResumesWithWhatItHasReceived() throws IOException {
    client.pathOpened(0);
    assertThat(sent(client, 0))
        .isEqualTo("ce4356470101001c" + ID_HEX.replace(" ", "") + "00000001" + "0000000000000000");
    client.pathLost();
    client.pathOpened(0);
    assertThat(sent(client, 0)).startsWith("ce4356470101001c"); // it was never told otherwise
    assertThat(got(client, accept(2, 0) + "01000003 616263", 0)).isEqualTo("Opened[]abc");
    client.pathLost();
    client.pathOpened(0);
    assertThat(sent(client, 0))
        .isEqualTo("ce4356470102001c" + ID_HEX.replace(" ", "") + "00000003" + "0000000000000003");
  }

  @Test
  void agentAnswersAndGoesOnWhereTheClientIs() throws IOException {
    var agent = ResumableStream.agent(ID, TwoEnds.limits(10, 4), ReplayBudget.unlimited());
    assertThat(write(agent, "hello")).isEqualTo(5);
    agent.pathOpened(Hello.of(Hello.Kind.OPEN, ID, 1, 0), 0);
    assertThat(sent(agent, 0)).isEqualTo(ACCEPT.replace(" ", "") + "01000005" + "68656c6c6f");
    agent.pathLost();
    agent.pathOpened(Hello.of(Hello.Kind.RESUME, ID, 2, 4), 0);
    assertThat(sent(agent, 0)).isEqualTo(accept(2, 0).replace(" ", "") + "01000001" + "6f");
    assertThat(agent.room()).isEqualTo(9);
  }

  @Test
  void agentRefusesAPositionThatItNeverReached() {
    var agent = ResumableStream.agent(ID, TwoEnds.limits(10, 4), ReplayBudget.unlimited());
    assertThatExceptionOfType(ProtocolViolation.class)
        .isThrownBy(() -> agent.pathOpened(Hello.of(Hello.Kind.RESUME, ID, 1, 1), 0))
        .withMessage("resumed at 1 (expected: 0 to 0)");
    assertThat(sent(agent, 0)).startsWith("ce4356470104003b").endsWith("2030" + "29");
    assertThat(agent.room()).isZero();
  }

  @Test
  void agentRefusesAPositionThatIsNoLongerKept() throws IOException {
    open();
    write(client, "abc");
    sent(client, 0);
    got(client, "02000008 0000000000000002", 0);
    client.pathLost();
    client.pathOpened(0);
    assertViolation(accept(2, 0), "resumed at 0 (expected: 2 to 3)");
  }

  @Test
  void nothingIsTakenBeforeTheStreamIsOpen() throws IOException {
    assertThat(write(client, "abc")).isZero();
    client.pathOpened(0);
    assertThat(write(client, "abc")).isZero();
    got(client, ACCEPT, 0);
    assertThat(client.room()).isEqualTo(10);
  }

  @Test
  void fullBufferTakesNoMoreUntilSomeIsAcknowledged() throws IOException {
    open();
    assertThat(write(client, "0123456789abc")).isEqualTo(10);
    assertThat(sent(client, 0)).isEqualTo("0100000a" + "30313233343536373839");
    assertThat(write(client, "abc")).isZero();
    client.pathLost();
    assertThat(write(client, "abc")).isZero();
    reconnect(4);
    assertThat(sent(client, 0)).isEqualTo("01000006" + "343536373839");
    assertThat(write(client, "abcdef")).isEqualTo(4);
  }

  @Test
  void endIsCountedAndSaidAgain() throws IOException {
    open();
    write(client, "ab");
    client.end(new CloseReason(1001, "sleep"));
    String end = "03000007" + "03e9" + "736c656570";
    assertThat(sent(client, 0)).isEqualTo("01000002" + "6162" + end);
    assertThat(client.room()).isZero();
    reconnect(2);
    assertThat(sent(client, 0)).isEqualTo(end);
    reconnect(3);
    assertThat(sent(client, 0)).isEmpty();
    assertThat(client.finished()).isFalse();
    assertThat(got(client, "03000002 03e8", 0)).isEqualTo("Ended[reason=1000]");
    assertThat(client.finished()).isFalse();
    assertThat(sent(client, 0)).isEqualTo("02000008" + "0000000000000001");
    assertThat(client.finished()).isTrue();
  }

  @Test
  void streamIsNotFinishedWhileItsOwnEndIsNotAcknowledged() throws IOException {
    open();
    client.end(CloseReason.normal(""));
    got(client, "03000002 03e8", 0);
    assertThat(sent(client, 0)).startsWith("02000008").endsWith("03e8");
    assertThat(client.finished()).isFalse();
    got(client, "02000008 0000000000000001", 0);
    assertThat(client.finished()).isTrue();
  }

  @Test
  void endOfALostLinkIsNotTakenForANormalOne() throws IOException {
    open();
    client.end(CloseReason.lost("input gone"));
    assertThat(sent(client, 0)).startsWith("0300000c" + "03e9");
  }

  @Test
  void otherDirectionGoesOnAfterAnEnd() throws IOException {
    open();
    assertThat(got(client, "03000002 03e8", 0)).isEqualTo("Ended[reason=1000]");
    write(client, "on");
    assertThat(sent(client, 0)).contains("01000002" + "6f6e");
  }

  @Test
  void acknowledgementIsDueAfterSoManyBytesOrSoMuchTime() throws IOException {
    open();
    got(client, "01000004 616263", 0);
    assertThat(sent(client, 0)).isEmpty();
    assertThat(client.idle(SECOND / 4)).isEqualTo(SECOND * 3 / 4);
    assertThat(sent(client, SECOND - 1)).isEmpty();
    assertThat(sent(client, SECOND)).isEqualTo("02000008" + "0000000000000003");
    got(client, "64", SECOND);
    assertThat(sent(client, SECOND)).isEmpty();
    got(client, "01000003 616263", SECOND);
    assertThat(sent(client, SECOND)).isEqualTo("02000008" + "0000000000000007");
  }

  @Test
  void idleEndSaysThatItIsThere() throws IOException {
    open();
    assertThat(client.idle(0)).isEqualTo(20 * SECOND);
    assertThat(sent(client, 20 * SECOND - 1)).isEmpty();
    assertThat(sent(client, 20 * SECOND)).isEqualTo("02000008" + "0000000000000000");
    assertThat(sent(client, 20 * SECOND)).isEmpty();
    assertThat(client.idle(20 * SECOND)).isEqualTo(10 * SECOND); // then the path is lost
    client.reading(false, 20 * SECOND);
    assertThat(client.idle(20 * SECOND)).isEqualTo(3 * SECOND);
  }

  @Test
  void pathIsSilentSoonerWhileAnAcknowledgementIsOwed() throws IOException {
    open();
    assertThat(client.silent(30 * SECOND - 1)).isFalse();
    assertThat(client.silent(30 * SECOND)).isTrue();
    write(client, "a");
    sent(client, 15 * SECOND);
    assertThat(client.silent(25 * SECOND - 1)).isFalse();
    assertThat(client.silent(25 * SECOND)).isTrue();
    client.reading(false, 25 * SECOND);
    assertThat(client.silent(99 * SECOND)).isFalse();
    client.reading(true, 99 * SECOND);
    assertThat(client.silent(99 * SECOND)).isFalse();
    got(client, "02000008 0000000000000001", 100 * SECOND);
    assertThat(client.silent(130 * SECOND - 1)).isFalse();
    client.pathLost();
    assertThat(client.silent(999 * SECOND)).isFalse();
    assertThat(client.idle(999 * SECOND)).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void agentThatDoesNotAnswerIsSilent() {
    client.pathOpened(5);
    assertThat(client.idle(5)).isEqualTo(10 * SECOND);
    assertThat(client.silent(10 * SECOND + 5)).isTrue();
  }

  @Test
  void otherVersionFallsBackToPlainBytes() throws IOException {
    client.pathOpened(0);
    byte[] plain = Hello.plain().bytes();
    assertThat(got(client, HexFormat.of().formatHex(plain) + "535348", 0)).isEqualTo("Plain SSH");
    assertThat(client.room()).isZero();
  }

  @Test
  void streamThatWasOpenCannotBecomePlain() throws IOException {
    open();
    client.pathLost();
    client.pathOpened(0);
    assertViolation("ce435647 00 00 0000", "hello of version 0");
  }

  @Test
  void refusalIsForTheUser() throws IOException {
    client.pathOpened(0);
    byte[] refusal = Hello.refuse(ID, "no such stream: it ended\u001b").bytes();
    assertThatExceptionOfType(StreamRefused.class)
        .isThrownBy(() -> got(client, HexFormat.of().formatHex(refusal), 0))
        .withMessage("no such stream: it ended?");
  }

  @ParameterizedTest
  @CsvSource({
    "5353482d, no hello of a resumable stream",
    "ce43564601, no hello of a resumable stream",
    "ce435647 01 00 001c, hello of unknown kind 0",
    "ce435647 01 05 001c, hello of unknown kind 5",
    "ce435647 01 01 001c, hello of an agent: OPEN 00000000...",
    "ce435647 02 03 001c, hello of version 2",
    "ce435647 01 03 0401, hello of 1025 bytes",
  })
  void badHelloIsAViolation(String head, String message) {
    client.pathOpened(0);
    assertViolation(head + ID_HEX + "00000001 0000000000000000", message);
  }

  @ParameterizedTest
  @CsvSource({
    "001b, 0000000000000001 0000000000000002 00000001 00000000000000, hello of 27 bytes",
    "001d, 0000000000000001 0000000000000002 00000001 000000000000000000, hello of 29 bytes",
    "001c, 0000000000000001 0000000000000003 00000001 0000000000000000,"
        + " hello of an agent: ACCEPT 00000000...",
    "001c, 0000000000000001 0000000000000002 00000002 0000000000000000,"
        + " hello of an agent: ACCEPT 00000000...",
    "001c, 0000000000000001 0000000000000002 00000001 ffffffffffffffff,"
        + " 'hello with the path 1, the position -1'",
    "001c, 0000000000000001 0000000000000002 ffffffff 0000000000000000,"
        + " 'hello with the path -1, the position 0'",
    "001c, 0000000000000001 0000000000000002 00000001 0000000000000001,"
        + " resumed at 1 (expected: 0 to 0)",
  })
  void badAnswerIsAViolation(String length, String body, String message) {
    client.pathOpened(0);
    assertViolation("ce435647 01 03" + length + body, message);
  }

  @Test
  void refusalThatIsNoTextIsAViolation() {
    client.pathOpened(0);
    assertViolation(
        "ce435647 01 04 001d" + ID_HEX + "00000000 0000000000000000 ff",
        "refusal that is not UTF-8");
  }

  @Test
  void helloOfAPathThatTheClientHasLeftIsOutdated() throws IOException {
    var agent = ResumableStream.agent(ID, TwoEnds.limits(10, 4), ReplayBudget.unlimited());
    Hello first = Hello.of(Hello.Kind.OPEN, ID, 1, 0);
    Hello second = Hello.of(Hello.Kind.OPEN, ID, 2, 0);
    assertThat(agent.isOutdated(first)).isFalse();
    agent.pathOpened(second, 0);
    assertThat(agent.isOutdated(first)).isTrue();
    assertThat(agent.isOutdated(second)).isTrue();
    assertThat(agent.isOutdated(Hello.of(Hello.Kind.RESUME, ID, 3, 0))).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "00000000, unknown frame 0",
    "04000000, unknown frame 4",
    "01000000, frame 1 of 0 bytes",
    "02000007, frame 2 of 7 bytes",
    "02000009, frame 2 of 9 bytes",
    "0300007e, frame 3 of 126 bytes",
    "03000001 00, close frame of one byte",
    "03000002 03ee, close code 1006",
    "03000003 03e8ff, close reason that is not UTF-8",
    "03000000 01000001 61, data after the end",
    "03000000 03000000, data after the end",
    "02000008 0000000000000003, acknowledged 3 (expected: 0 to 2)",
    "02000008 ffffffffffffffff, acknowledged -1 (expected: 0 to 2)",
    "02000008 0000000000000002 02000008 0000000000000001, acknowledged 1 (expected: 2 to 2)",
  })
  void badFrameIsAViolation(String frames, String message) throws IOException {
    open();
    write(client, "ab");
    sent(client, 0);
    assertViolation(frames, message);
  }

  @Test
  void whatIsReplayedCannotBeAcknowledgedBeforeItIsSentAgain() throws IOException {
    open();
    write(client, "abc");
    sent(client, 0);
    reconnect(1);
    assertViolation("02000008 0000000000000003", "acknowledged 3 (expected: 1 to 1)");
  }

  @Test
  void largestFrameFillsAFrameOfTheWebSocket() throws IOException {
    var agent = ResumableStream.agent(ID, StreamLimits.DEFAULT, ReplayBudget.unlimited());
    agent.pathOpened(Hello.of(Hello.Kind.OPEN, ID, 1, 0), 0);
    agent.write(new byte[200_000], 0, 200_000);
    agent.poll(0);
    assertThat(agent.poll(0)).isNotNull().extracting(Segment::size).isEqualTo(1 << 16);
    assertThat(agent.room()).isEqualTo((8 << 20) - 200_000);
  }

  @Test
  void idIsNotShownAsAWhole() {
    assertThat(new StreamId(0x1234567890abcdefL, 9)).hasToString("12345678...");
  }
}
