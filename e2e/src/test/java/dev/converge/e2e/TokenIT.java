package dev.converge.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A relay that lets in only who knows its secret. */
final class TokenIT {
  private static final String SECRET = "no one but us: $$ ${HOME} 0123456789 0123456789 0123456789";
  private static final String ASKED =
      "this relay asks for a token: set CONVERGE_TOKEN to its secret, or give --token-file";

  @TempDir static Path temp;
  private static String file;
  private static RelayProcess relay;
  private static AgentProcess agent;
  private static Path key;
  private static final List<Child> children = new ArrayList<>();

  @BeforeAll
  static void open() throws IOException {
    Tool.require("ssh", "ssh-keygen", "curl");
    file = Files.writeString(temp.resolve("secret"), SECRET + "\n").toString();
    key = Keys.make(temp, "key");
    relay = RelayProcess.start("--token-file", file);
    agent =
        AgentProcess.start(
            relay,
            Files.createDirectory(temp.resolve("work")),
            "guarded",
            Map.of("CONVERGE_TOKEN", SECRET),
            "--linger=PT10M",
            "--authorized-keys",
            Keys.authorize(temp, key).toString());
  }

  @AfterAll
  static void close() {
    children.forEach(Child::close);
    if (agent != null) {
      agent.close();
    }
    if (relay != null) {
      relay.close();
    }
  }

  @AfterEach
  void secretIsNowhereToBeSeen() throws IOException {
    for (Child child : List.of(relay.child(), agent.child())) {
      assertThat(Files.readString(Path.of("/proc/" + child.pid() + "/cmdline")))
          .contains(child == relay.child() ? "relay" : "agent")
          .doesNotContain(SECRET);
      assertThat(child.out() + child.err()).doesNotContain(SECRET);
    }
    assertThat(children)
        .allSatisfy(child -> assertThat(child.out() + child.err()).doesNotContain(SECRET));
  }

  private static Child start(Map<String, String> environment, List<String> command) {
    Child child = Child.start(temp, environment, command);
    children.add(child);
    return child;
  }

  private static Child ssh(Map<String, String> environment, String... command) {
    Route.Way way = Route.WSPROXY.open(relay, "guarded");
    return start(environment, OpenSsh.withKey(temp, way, key).command(command));
  }

  @Test
  void secretInTheEnvironmentLetsSshIn() {
    Child ssh =
        ssh(
            Map.of("CONVERGE_TOKEN", SECRET),
            "echo \"[$CONVERGE_TOKEN]\"; env; cat /proc/$PPID/cmdline | tr '\\0' ' '");

    assertThat(ssh.success()).startsWith("[]\n").contains("agentdir=").doesNotContain(SECRET);
    assertThat(ssh.err()).isEmpty();
    assertThat(agent.child().out())
        .contains("Where you run these commands, set CONVERGE_TOKEN to the relay's secret.\n");
  }

  @Test
  void withoutTheSecretSshIsToldWhatToDo() {
    Child none = ssh(Map.of(), "true");
    assertThat(none.exit()).isEqualTo(255);
    assertThat(none.err()).contains("wsproxy: " + ASKED + "\n");

    Child other = ssh(Map.of("CONVERGE_TOKEN", "a guess"), "true");
    assertThat(other.exit()).isEqualTo(255);
    assertThat(other.err()).contains("wsproxy: the token is not signed with this relay's secret\n");
  }

  @Test
  void tcptowsMakesATokenForEachConnection() {
    String program = Packaged.program("tcptows");
    String url = relay.clientUrl("guarded");
    Child tcptows = start(Map.of(), List.of(program, "--token-file", file, "0", url));
    String port = tcptows.awaitOut("^listening on 127\\.0\\.0\\.1:(\\d+)$").group(1);
    OpenSsh ssh = OpenSsh.withKey(temp, new Route.Way(List.of("-oPort=" + port), tcptows), key);
    assertThat(ssh.ssh("echo one").success()).isEqualTo("one\n");
    assertThat(ssh.ssh("echo two").success()).isEqualTo("two\n");

    Child without = start(Map.of(), List.of(program, "0", url));
    String closed = without.awaitOut("^listening on 127\\.0\\.0\\.1:(\\d+)$").group(1);
    OpenSsh refused =
        OpenSsh.withKey(temp, new Route.Way(List.of("-oPort=" + closed), without), key);
    assertThat(refused.ssh("true").exit()).isEqualTo(255);
    without.awaitErr("^tcptows: " + ASKED + "$");
  }

  @Test
  void agentWithoutTheSecretEndsAtOnce() {
    Child none = start(Map.of(), List.of(Packaged.program("agent"), relay.agentUrl("other")));
    assertThat(none.exit()).isEqualTo(1);
    assertThat(none.err())
        .matches("agent: relay " + relay.agentUrl("other") + ": " + ASKED + " \\(HTTP 401 .*\\)\n");
  }

  @Test
  void programThatNobodyHereWroteShowsItsTokenInTheQuery() throws Exception {
    long now = Instant.now().getEpochSecond();
    String token = token(lasting(now, 30));
    URI uri = URI.create(relay.clientUrl("guarded") + "?jwt=" + token);
    HttpClient http = HttpClient.newHttpClient();
    http.newWebSocketBuilder()
        .buildAsync(uri, new WebSocket.Listener() {})
        .get(20, TimeUnit.SECONDS)
        .abort();
    relay.child().awaitErr(" guarded closed: client ");
    assertThat(relay.child().err()).doesNotContain(token).doesNotContain("jwt");
  }

  @Test
  void pagesAndDownloadsStayOpen() {
    String script =
        "curl -sf %1$s/ >page && curl -sf %1$s/healthz && curl -sf %1$s/docs/wsproxy >w && test -s w";
    assertThat(start(Map.of(), List.of("sh", "-ec", script.formatted(relay.http()))).success())
        .isEqualTo("ok\n");
  }

  @Test
  void secretOnTheCommandLineIsWarnedAboutAndAnEmptyOneRefused() {
    Child wsproxy =
        start(
            Map.of(),
            List.of(Packaged.program("wsproxy"), "--token", "x", "--wait=0", relay.clientUrl("x")));
    assertThat(wsproxy.exit()).isEqualTo(1);
    assertThat(wsproxy.err())
        .isEqualTo(
            "wsproxy: warning: --token shows the secret to everyone who can list processes; better"
                + " give --token-file or CONVERGE_TOKEN\n"
                + "wsproxy: the token is not signed with this relay's secret\n");

    Child empty = start(Map.of("CONVERGE_TOKEN", ""), List.of(Packaged.program("relay")));
    assertThat(empty.exit()).isEqualTo(2);
    assertThat(empty.err()).isEqualTo("relay: --token: the secret is empty; see 'relay --help'\n");
  }

  @Test
  void forgedAndStaleTokensAreRefused() throws Exception {
    long now = Instant.now().getEpochSecond();
    String fresh = lasting(now, 30);
    assertThat(status(signed("HS512", "HmacSHA512", fresh, SECRET))).isEqualTo(404);

    assertThat(status(signed("HS512", "HmacSHA512", fresh, "another"))).isEqualTo(401);
    assertThat(status(signed("HS256", "HmacSHA256", fresh, SECRET))).isEqualTo(401);
    assertThat(status(signed("RS256", "HmacSHA512", fresh, SECRET))).isEqualTo(401);
    String none = signed("none", "HmacSHA512", fresh, SECRET);
    assertThat(status(none)).isEqualTo(401);
    assertThat(status(none.substring(0, none.lastIndexOf('.') + 1))).isEqualTo(401);
    assertThat(status(token(lasting(now - 200, 30)))).isEqualTo(401);
    assertThat(status(token(lasting(now + 200, 30)))).isEqualTo(401);
    assertThat(status(token(lasting(now, 31)))).isEqualTo(401);
  }

  @Test
  void tokenIsWorthNothingThirtySecondsAfterItsFirstUse() throws Exception {
    String token = token(lasting(Instant.now().getEpochSecond(), 30));
    long start = System.nanoTime();
    assertThat(status(token)).isEqualTo(404);
    Awaitility.await()
        .atMost(Duration.ofSeconds(45))
        .pollInterval(Duration.ofSeconds(1))
        .until(() -> status(token) == 401);
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isGreaterThanOrEqualTo(Duration.ofSeconds(30));
  }

  /** 404 for a token that counts: nobody is there. */
  private static int status(String token) {
    return relay.refusal("nobody", "&jwt=" + token);
  }

  /** Each is another one, even if two tests make theirs in the same second. */
  private static String lasting(long issued, int seconds) {
    return """
        {"iat":%d,"exp":%d,"jti":"%s"}"""
        .formatted(issued, issued + seconds, UUID.randomUUID());
  }

  private static String token(String claims) throws Exception {
    return signed("HS512", "HmacSHA512", claims, SECRET);
  }

  private static String signed(String named, String algorithm, String claims, String secret)
      throws Exception {
    Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
    String header = "{\"alg\":\"" + named + "\"}";
    String input =
        base64.encodeToString(header.getBytes(StandardCharsets.UTF_8))
            + "."
            + base64.encodeToString(claims.getBytes(StandardCharsets.UTF_8));
    Mac mac = Mac.getInstance(algorithm);
    mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), algorithm));
    byte[] signature = mac.doFinal(input.getBytes(StandardCharsets.UTF_8));
    return input + "." + base64.encodeToString(signature);
  }
}
