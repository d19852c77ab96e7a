package dev.converge.bench;

import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The programs that ours is compared with, each as a sensible operator runs it. */
final class Peers {
  static final String DIRECT = "direct TCP";
  static final String HAPROXY = "HAProxy";
  static final String NGINX = "nginx";
  static final String SOCAT = "socat";
  static final String WEBSOCKIFY = "websockify";

  private final Scene scene;

  Peers(Scene scene) {
    this.scene = scene;
  }

  /** No program at all. */
  Route direct() throws Exception {
    ServerSocketChannel back = TcpRoute.listen();
    return scene.keep(new TcpRoute(DIRECT, null, TcpRoute.port(back), back, null));
  }

  /** HAProxy in TCP mode; with a certificate it ends TLS on both sides. */
  Route haproxy(@Nullable Certificate certificate) throws Exception {
    ServerSocketChannel back = TcpRoute.listen();
    Front front =
        certificate == null
            ? haproxy(TcpRoute.port(back), "", "")
            : haproxy(TcpRoute.port(back), "ssl crt " + certificate.both(), "ssl verify none");
    return scene.keep(new TcpRoute(HAPROXY, front.program, front.port, back, certificate));
  }

  /** A program that stands in front of another one, and where it listens. */
  private record Front(Program program, int port) {}

  /** HAProxy in TCP mode, in front of a port of this machine; returns its own port. */
  int haproxyBefore(int port) throws Exception {
    return haproxy(port, "", "").port;
  }

  private Front haproxy(int back, String front, String behind) throws Exception {
    int port = Scene.freePort();
    String config =
        Template.fill(
            "haproxy.cfg",
            Map.of(
                "pairs",
                Descriptors.pairs(),
                "port",
                port,
                "front",
                front,
                "back",
                back,
                "behind",
                behind));
    Path file = scene.file("haproxy-" + port + ".cfg", config);
    Program program =
        scene.start("haproxy", List.of("haproxy", "-db", "-f", file.toString()), Map.of());
    program.awaitPort(port);
    return new Front(program, port);
  }

  Route socat() throws Exception {
    ServerSocketChannel back = TcpRoute.listen();
    int port = Scene.freePort();
    String listen = "TCP-LISTEN:" + port + ",bind=127.0.0.1,reuseaddr,fork,nodelay";
    String connect = "TCP:127.0.0.1:" + TcpRoute.port(back) + ",nodelay";
    Program program =
        scene.start("socat", List.of("socat", "-b", "65536", listen, connect), Map.of());
    program.awaitPort(port);
    return scene.keep(new TcpRoute(SOCAT, program, port, back, null));
  }

  /** nginx as a reverse proxy of WebSockets, with so many lanes. */
  Route nginx(int lanes) throws Exception {
    List<ServerSocketChannel> backs = new ArrayList<>();
    StringBuilder locations = new StringBuilder();
    for (int lane = 0; lane < lanes; lane++) {
      ServerSocketChannel back = TcpRoute.listen();
      backs.add(back);
      locations.append(
          "    location = /%d { proxy_pass http://127.0.0.1:%d; }%n"
              .formatted(lane, TcpRoute.port(back)));
    }
    int port = Scene.freePort();
    String directory = scene.directory().toString();
    String config =
        Template.fill(
            "nginx.conf",
            Map.of(
                "directory", directory,
                "connections", 2 * Descriptors.pairs(),
                "port", port,
                "locations", locations));
    Path file = scene.file("nginx.conf", config);
    Program program =
        scene.start(
            "nginx",
            List.of("nginx", "-e", "stderr", "-p", directory, "-c", file.toString()),
            Map.of());
    program.awaitPort(port);
    return scene.keep(new WebSocketRoute(NGINX, program, port, backs, true));
  }

  /** websockify, which unpacks WebSockets to TCP. */
  Route websockify() throws Exception {
    ServerSocketChannel back = TcpRoute.listen();
    int port = Scene.freePort();
    Program program =
        scene.start(
            "websockify",
            List.of("websockify", "127.0.0.1:" + port, "127.0.0.1:" + TcpRoute.port(back)),
            Map.of());
    program.awaitPort(port);
    return scene.keep(new WebSocketRoute(WEBSOCKIFY, program, port, List.of(back), false));
  }
}
