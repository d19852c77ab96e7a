package dev.converge.e2e;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;

/** The packaged relay, running on a loopback port of its own. */
final class RelayProcess implements AutoCloseable {
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
