package dev.converge.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.MatchResult;

/** The packaged relay, running on a loopback port of its own. */
final class RelayProcess implements AutoCloseable {
  private static final AtomicInteger ids = new AtomicInteger();

  private final List<String> options;
  private final int port;
  private final String tls;
  private Child child;

  /**
   * @param tls {@code s} if it speaks TLS, else empty
   */
  private RelayProcess(List<String> options, Child child, String tls, int port) {
    this.options = options;
    this.child = child;
    this.tls = tls;
    this.port = port;
  }

  static RelayProcess start(String... options) {
    Child child = launch(0, List.of(options));
    MatchResult address = child.awaitOut("^relay listening on http(s?)://127\\.0\\.0\\.1:(\\d+)$");
    int port = Integer.parseInt(address.group(2));
    return new RelayProcess(List.of(options), child, address.group(1), port);
  }

  private static final class Common {
    static final RelayProcess RELAY = start();

    static {
      Runtime.getRuntime().addShutdownHook(new Thread(RELAY::close, "common relay's end"));
    }
  }

  /**
   * One that goes on until the tests are over, as a public relay does, for those who ask nothing of
   * it but to be there. Each takes {@linkplain #newId IDs of its own}.
   */
  static RelayProcess common() {
    return Common.RELAY;
  }

  /** One that no other test has. */
  static String newId() {
    return "id" + ids.incrementAndGet();
  }

  private static Child launch(int port, List<String> options) {
    List<String> command = new ArrayList<>();
    command.add(Packaged.program("relay"));
    command.addAll(List.of("--bind", "127.0.0.1", "--port", Integer.toString(port)));
    command.addAll(options);
    return Child.start(Path.of("/"), Map.of(), command);
  }

  int port() {
    return port;
  }

  String authority() {
    return "127.0.0.1:" + port;
  }

  String http() {
    return "http" + tls + "://" + authority();
  }

  String agentUrl(String id) {
    return "ws" + tls + "://" + authority() + "/agent/" + id;
  }

  String clientUrl(String id) {
    return "ws" + tls + "://" + authority() + "/client/" + id;
  }

  Child child() {
    return child;
  }

  /**
   * The status with which a client that does not wait is refused.
   *
   * @param query what else its URL asks for, such as {@code &x=y}
   */
  int refusal(String id, String query) {
    String request = RawUpgrade.request("/client/" + id + "?wait=0" + query);
    try (Socket socket = RawUpgrade.send(port, request)) {
      String[] status = RawUpgrade.statusLine(socket).split(" ", 3);
      assertThat(status).hasSize(3).startsWith("HTTP/1.1").doesNotContain("101");
      return Integer.parseInt(status[1]);
    } catch (IOException e) {
      throw new AssertionError("no answer at " + authority(), e);
    }
  }

  /** Ends it without a word. */
  void kill() {
    child.close();
  }

  /** Starts it again, at the same port. */
  void startAgain() {
    child = launch(port, options);
    child.awaitOut("^relay listening on ");
  }

  @Override
  public void close() {
    child.close();
  }
}
