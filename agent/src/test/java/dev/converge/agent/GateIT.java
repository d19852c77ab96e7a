package dev.converge.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.keyverifier.AcceptAllServerKeyVerifier;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.SessionListener;
import org.apache.sshd.common.util.buffer.Buffer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
final class GateIT {
  private static final Duration LONG = Duration.ofMinutes(10);

  @TempDir Path folder;

  private SshFixture fixture(Duration time, Duration delay, int failures, Duration refusal)
      throws Exception {
    var limits = new LoginLimits(time, delay, delay, failures, LONG, refusal);
    return new SshFixture(
        folder,
        new Rules(false, null, limits),
        config ->
            new SshConfig(config.directory(), config.keys(), "s3cret", null, null, true, Map.of()));
  }

  /** A client that speaks for itself, packet by packet, once it may log in. */
  private static final class Client implements AutoCloseable {
    private final SshClient client = SshClient.setUpDefaultClient();
    private final CompletableFuture<String> farewell = new CompletableFuture<>();
    final ClientSession session;

    Client(SshFixture fixture) throws Exception {
      client.setServerKeyVerifier(AcceptAllServerKeyVerifier.INSTANCE);
      client.addSessionListener(
          new SessionListener() {
            @Override
            public void sessionDisconnect(
                Session session, int reason, String message, String language, boolean mine) {
              if (!mine) {
                farewell.complete(message);
              }
            }
          });
      client.start();
      session =
          client
              .connect("abc", "127.0.0.1", fixture.server.port())
              .verify(Duration.ofSeconds(20))
              .getSession();
      session.waitFor(List.of(ClientSession.ClientSessionEvent.WAIT_AUTH), 20_000);
    }

    void guess(String password) throws Exception {
      Buffer request = session.createBuffer(SshConstants.SSH_MSG_USERAUTH_REQUEST);
      request.putString("abc");
      request.putString("ssh-connection");
      request.putString("password");
      request.putBoolean(false);
      request.putString(password);
      session.writePacket(request);
    }

    String farewell() throws Exception {
      return farewell.get(20, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
      client.close(true);
    }
  }

  @Test
  void wrongPasswordIsAnsweredLate() throws Exception {
    Duration delay = Duration.ofMillis(700);
    try (var fixture = fixture(LONG, delay, 20, LONG)) {
      long start = System.nanoTime();
      assertThat(fixture.sshWithPassword("abc", "wrong", "true").error())
          .contains("Permission denied");
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(delay);
    }
  }

  @Test
  void guessBeforeTheAnswerToTheLastIsNotLookedAt() throws Exception {
    try (var fixture = fixture(LONG, Duration.ofMillis(700), 20, LONG);
        var client = new Client(fixture)) {
      client.guess("wrong");
      client.guess("s3cret");
      client.guess("s3cret");
      assertThat(client.farewell()).isEqualTo("a login was tried before the last was answered");
      Awaitility.await().until(client.session::isClosed);
      assertThat(fixture.events.clients).isEmpty();
    }
  }

  @Test
  void delayOfOneClientHoldsUpNobodyElse() throws Exception {
    try (var fixture = fixture(LONG, LONG, 20, LONG)) {
      var stuck = new ArrayList<Client>();
      for (int i = 0; i < 8; i++) {
        stuck.add(new Client(fixture));
        stuck.get(i).guess("wrong");
      }
      assertThat(fixture.ssh("echo in").output()).isEqualTo("in\n");
      stuck.forEach(Client::close);
    }
  }

  @Test
  void everybodyIsTurnedAwayWithTheReasonAfterTooManyFailuresAndLetInLater() throws Exception {
    try (var fixture = fixture(LONG, Duration.ofMillis(1), 5, Duration.ofSeconds(2));
        var early = new Client(fixture)) {
      long before = System.nanoTime();
      List<Client> guessing = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        guessing.add(new Client(fixture));
      }
      for (Client client : guessing) {
        client.guess("wrong");
      }
      // Whoever has the right key or password learns why it does not help.
      Awaitility.await()
          .untilAsserted(
              () ->
                  assertThat(fixture.ssh("true").error())
                      .containsPattern("too many failed logins; try again in [1-3] s"));
      early.guess("s3cret");
      assertThat(early.farewell()).matches("too many failed logins; try again in [1-3] s");
      assertThat(fixture.events.clients).isEmpty();
      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> fixture.ssh("true").code() == 0);
      assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThan(Duration.ofSeconds(2));
      guessing.forEach(Client::close);
    }
  }

  @Test
  void sessionsGoOnWhileNobodyIsLetIn() throws Exception {
    try (var fixture = fixture(LONG, Duration.ofMillis(1), 1, LONG);
        var screen = new Screen(fixture.sshCommand("-tt", "abc@127.0.0.1"));
        var client = new Client(fixture)) {
      screen.await("Touch .hold");
      client.guess("wrong");
      Awaitility.await().until(() -> fixture.ssh("true").code() == 255);
      screen.type("echo $((6 * 7))\n").await("42");
    }
  }

  @Test
  void keysOfferedBeforeTheRightOneCountNothingAndOtherwiseCountOnce() throws Exception {
    try (var fixture = fixture(LONG, Duration.ofMillis(1), 2, LONG)) {
      var wrong = new ArrayList<String>();
      for (int i = 0; i < 4; i++) {
        wrong.addAll(List.of("-i", fixture.newKey("other" + i, "ed25519").toString()));
      }
      var many = new ArrayList<String>(List.of("ssh", "-o", "BatchMode=yes"));
      many.addAll(wrong);
      many.addAll(fixture.sshCommand("abc@127.0.0.1", "true").subList(1, 13));
      many.addAll(List.of("-p", String.valueOf(fixture.server.port()), "abc@127.0.0.1", "true"));
      for (int i = 0; i < 3; i++) {
        assertThat(fixture.execute(many, Map.of(), "").code()).isZero();
      }
      var none = new ArrayList<String>(many);
      none.remove(folder.resolve("key").toString());
      none.remove(none.lastIndexOf("-i"));
      for (int i = 0; i < 2; i++) {
        assertThat(fixture.ssh("true").code()).isZero();
        assertThat(fixture.execute(none, Map.of(), "").error()).contains("Permission denied");
      }
      Awaitility.await()
          .untilAsserted(
              () -> assertThat(fixture.ssh("true").error()).contains("too many failed logins"));
    }
  }

  @Test
  void loginCannotBeBegunAnewForMoreTries() throws Exception {
    try (var fixture = fixture(LONG, LONG, 20, LONG);
        var client = new Client(fixture)) {
      Buffer again = client.session.createBuffer(SshConstants.SSH_MSG_SERVICE_REQUEST);
      again.putString("ssh-userauth");
      client.session.writePacket(again);
      assertThat(client.farewell()).contains("Bad service request");
    }
  }

  @Test
  void connectionOnWhichNobodyLogsInEnds() throws Exception {
    Duration time = Duration.ofSeconds(3);
    try (var fixture = fixture(time, LONG, 20, LONG)) {
      long start = System.nanoTime();
      try (var silent = new Socket(InetAddress.getLoopbackAddress(), fixture.server.port());
          var guessing = new Client(fixture);
          InputStream in = silent.getInputStream()) {
        guessing.guess("wrong");
        silent.setSoTimeout(20_000);
        assertThat(new String(in.readAllBytes(), StandardCharsets.ISO_8859_1))
            .startsWith("SSH-2.0-Converge")
            .contains("not logged in within 3 seconds");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(time);
        assertThat(guessing.farewell()).isEqualTo("not logged in within 3 seconds");
      }
    }
  }

  @Test
  void sessionMayLastLongerThanTheLogin() throws Exception {
    try (var fixture = fixture(Duration.ofSeconds(3), LONG, 20, LONG)) {
      assertThat(fixture.ssh("sleep 3.2; echo still in").output()).isEqualTo("still in\n");
    }
  }

  @Test
  void usualLimitsAreTheDocumentedOnes() {
    assertThat(LoginLimits.USUAL.time()).hasSeconds(30);
    assertThat(LoginLimits.USUAL.failures()).isEqualTo(20);
    assertThat(LoginLimits.USUAL.window()).hasMinutes(1);
    assertThat(LoginLimits.USUAL.refusal()).hasMinutes(1);
  }
}
