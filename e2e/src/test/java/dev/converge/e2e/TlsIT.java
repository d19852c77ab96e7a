package dev.converge.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLServerSocket;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS between the packaged programs, with real ssh through it. */
final class TlsIT {
  private static final String DISTRUST =
      " is refused: its CA is not a known one; give a private CA with --ca-file";

  private static Authority authority;

  @TempDir private Path temp;
  private String trusted;

  @BeforeAll
  static void makeAuthority() {
    authority = new Authority("right");
  }

  private RelayProcess relay(X509Bundle bundle, String... options) throws IOException {
    trusted = "--ca-file=" + authority.file(temp);
    return relay(Authority.files(temp, bundle), options);
  }

  private static RelayProcess relay(String[] files, String... options) {
    List<String> all = new ArrayList<>(List.of("--use-ssl"));
    all.addAll(Arrays.asList(files));
    all.addAll(Arrays.asList(options));
    return RelayProcess.start(all.toArray(String[]::new));
  }

  private OpenSsh ssh(Path key, Route route, RelayProcess relay, String... options) {
    return OpenSsh.withKey(temp, route.open(relay, "tls", options), key);
  }

  private Child run(String program, String... arguments) {
    List<String> command = new ArrayList<>(List.of(Packaged.program(program)));
    command.addAll(Arrays.asList(arguments));
    return Child.start(temp, Map.of(), command);
  }

  /** One line, without a class name. */
  private static void assertRefused(Child program, String... parts) {
    assertThat(program.exit()).as("%s", program).isEqualTo(1);
    assertThat(program.err().lines().toList())
        .as("%s", program)
        .last()
        .asString()
        .contains(parts)
        .doesNotContain("Exception");
  }

  @Test
  void sshGoesThroughTlsAndOutlivesAChangeOfTheCertificate() throws Exception {
    Tool.require("ssh", "ssh-keygen");
    X509Bundle first = authority.issue(Authority.local());
    Path key = Keys.make(temp, "key");
    String keys = "--authorized-keys=" + Keys.authorize(temp, key);
    try (RelayProcess relay = relay(first, "--redirect-http-port=0");
        AgentProcess agent = AgentProcess.start(relay, temp, "tls", keys, trusted)) {
      assertThat(relay.child().err())
          .contains("TLS by BoringSSL, with the certificate of CN=relay, serial number ");
      downloadIsFoundThroughTheRedirect(relay);
      for (Route route : Route.values()) {
        try (OpenSsh ssh = ssh(key, route, relay, trusted)) {
          assertThat(ssh.ssh("echo through").success()).isEqualTo("through\n");
        }
      }
      try (OpenSsh ssh = ssh(key, Route.WSPROXY, relay, trusted);
          Child session = ssh.ssh("cat")) {
        session.type("before\n").awaitOut("^before$");
        X509Bundle second = authority.issue(Authority.local());
        Authority.files(temp, second);
        Awaitility.await()
            .atMost(Duration.ofSeconds(20))
            .until(
                () -> authority.shownAt(relay.port()),
                second.getCertificate().getSerialNumber()::equals);
        session.type("after\n").awaitOut("^after$");
        session.endInput().success();
        relay.child().awaitErr("TLS goes on with the certificate of CN=relay");
        ssh.ssh("true").success();
      }
      assertThat(agent.child().isAlive()).isTrue();
    }
  }

  private void downloadIsFoundThroughTheRedirect(RelayProcess relay) throws IOException {
    Tool.require("curl");
    String plain = relay.child().awaitOut("^redirecting from (http://.*)$").group(1);
    Path agent = temp.resolve("downloaded");
    List<String> curl =
        List.of("curl", "-sSfL", "--cacert", "ca.pem", "-o", "" + agent, plain + "/docs/agent");
    Child.start(temp, Map.of(), curl).success();
    assertThat(Files.mismatch(agent, Path.of(Packaged.program("agent")))).isEqualTo(-1);
  }

  @Test
  void relayThatIsNotTheRightOneIsRefused() throws Exception {
    Authority wrong = new Authority("wrong");
    String other = "--ca-file=" + wrong.file(Files.createDirectory(temp.resolve("wrong")));
    try (RelayProcess relay = relay(authority.issue(Authority.local()))) {
      String client = relay.clientUrl("x");
      assertRefused(run("wsproxy", client), DISTRUST);
      assertRefused(run("wsproxy", other, client), DISTRUST);
      assertRefused(run("agent", other, relay.agentUrl("x")), "its certificate" + DISTRUST);
      Child insecure = run("wsproxy", "--insecure", client + "?wait=0");
      assertRefused(insecure, "no agent with ID x is waiting");
      assertThat(insecure.err()).startsWith("wsproxy: warning: --insecure: ");

      try (Child tcptows = run("tcptows", other, "0", client)) {
        int port = Integer.parseInt(tcptows.awaitOut("127\\.0\\.0\\.1:(\\d+)$").group(1));
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
          assertThat(socket.getInputStream().read()).isNegative();
        }
        tcptows.awaitErr(DISTRUST);
      }
    }
    try (RelayProcess relay =
        relay(authority.issue(new CertificateBuilder().subject("CN=x").addSanDnsName("x.test")))) {
      assertRefused(
          run("wsproxy", trusted, relay.clientUrl("x")), "is refused: ", "127.0.0.1 found");
      assertRefused(run("agent", trusted, relay.agentUrl("x")), "its certificate is refused: ");
    }
  }

  @Test
  void expiredCertificateIsRefusedByTheRelayItselfAndByWhoeverMeetsOne() throws Exception {
    X509Bundle expired =
        authority.issue(
            Authority.local()
                .notBefore(Instant.now().minus(Duration.ofDays(20)))
                .notAfter(Instant.now().minus(Duration.ofDays(10))));
    String[] files = Authority.files(temp, expired);
    assertRefused(
        run("relay", "--use-ssl", files[0], files[1]), "cert.pem: the certificate expired at ");

    trusted = "--ca-file=" + authority.file(temp);
    try (SSLServerSocket server = Authority.server(expired)) {
      Thread accept = new Thread(() -> acceptAll(server), "expired");
      accept.setDaemon(true);
      accept.start();
      String authority = "127.0.0.1:" + server.getLocalPort();
      assertRefused(
          run("wsproxy", trusted, "wss://" + authority + "/client/x"),
          "is refused: it has expired");
      assertRefused(
          run("agent", trusted, "wss://" + authority + "/agent/x"), "is refused: it has expired");
    }
  }

  private static void acceptAll(SSLServerSocket server) {
    while (!server.isClosed()) {
      try (var socket = server.accept()) {
        socket.getInputStream().read();
      } catch (IOException e) {
        // The client was not pleased; or the test is over.
      }
    }
  }

  @Test
  void mutualTlsLetsNobodyInWithoutTheRightCertificate() throws Exception {
    Tool.require("ssh", "ssh-keygen");
    Authority clients = new Authority("clients");
    Path mine = Files.createDirectory(temp.resolve("mine"));
    Path others = Files.createDirectory(temp.resolve("others"));
    String[] own = Authority.files(mine, clients.issue(new CertificateBuilder().subject("CN=me")));
    String[] foreign =
        Authority.files(others, authority.issue(new CertificateBuilder().subject("CN=them")));
    Path key = Keys.make(temp, "key");
    String keys = "--authorized-keys=" + Keys.authorize(temp, key);
    try (RelayProcess relay =
            relay(authority.issue(Authority.local()), "--ca-file=" + clients.file(mine));
        AgentProcess agent =
            AgentProcess.start(relay, temp, "tls", keys, trusted, own[0], own[1])) {
      for (Route route : Route.values()) {
        try (OpenSsh ssh = ssh(key, route, relay, trusted, own[0], own[1])) {
          ssh.ssh("true").success();
        }
      }
      String url = relay.clientUrl("tls");
      String wants = "it wants a client certificate: --cert-file and --key-file";
      String refuses = "refuses the client certificate of --cert-file (";
      assertRefused(run("wsproxy", trusted, url), wants);
      assertRefused(run("wsproxy", trusted, foreign[0], foreign[1], url), refuses);
      assertRefused(run("agent", trusted, relay.agentUrl("y")), wants);
      assertRefused(run("agent", trusted, foreign[0], foreign[1], relay.agentUrl("y")), refuses);
      assertThat(agent.child().isAlive()).isTrue();
    }
  }

  @Test
  void keysAreReadAsOpensslWritesThem() throws Exception {
    Tool.require("openssl");
    for (String key :
        List.of(
            "genrsa -traditional -out k.pem 2048", "ecparam -name secp384r1 -genkey -out k.pem")) {
      openssl(key);
      openssl(
          "req -x509 -key k.pem -out c.pem -days 2 -subj /CN=x -addext subjectAltName=IP:127.0.0.1");
      trusted = "--ca-file=" + temp.resolve("c.pem");
      try (RelayProcess relay =
          relay(
              new String[] {
                "--cert-file=" + temp.resolve("c.pem"), "--key-file=" + temp.resolve("k.pem")
              })) {
        assertRefused(run("wsproxy", trusted, relay.clientUrl("x?wait=0")), "no agent with ID x");
      }
    }
    openssl(
        "rsa -in k2.pem -aes256 -passout pass:secret -out sealed.pem", "genrsa -out k2.pem 2048");
    assertRefused(
        run("relay", "--use-ssl", "--cert-file=c.pem", "--key-file=sealed.pem"),
        "key file sealed.pem: the key is encrypted (expected: not); 'openssl pkey -in sealed.pem");
  }

  /** The last one is run first. */
  private void openssl(String... commands) {
    for (int i = commands.length - 1; i >= 0; i--) {
      List<String> command = new ArrayList<>(List.of("openssl"));
      command.addAll(Arrays.asList(commands[i].split(" ")));
      Child.start(temp, Map.of(), command).success();
    }
  }

  @Test
  void plainAndTlsThatMeetAreToldApart() throws Exception {
    RelayProcess plain = RelayProcess.common();
    try (RelayProcess relay = relay(authority.issue(Authority.local()))) {
      String address = relay.authority();
      assertRefused(
          run("wsproxy", "ws://" + address + "/client/x"),
          "this port speaks TLS: use https:// or wss://");
      assertRefused(
          run("agent", "ws://" + address + "/agent/x"),
          "this port speaks TLS: use https:// or wss://");
      assertRefused(
          run("wsproxy", "wss://" + plain.authority() + "/client/x"),
          "it does not speak TLS; use ws://");
      assertRefused(
          run("agent", "wss://" + plain.authority() + "/agent/x"),
          "it does not speak TLS; use ws://");
    }
  }
}
