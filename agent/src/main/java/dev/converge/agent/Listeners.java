package dev.converge.agent;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.apache.sshd.common.AttributeRepository.AttributeKey;
import org.apache.sshd.common.session.ConnectionService;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.util.buffer.Buffer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The sockets that listen here for one client, by name; they are gone when it is. */
final class Listeners implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);
  private static final AttributeKey<Listeners> KEY = new AttributeKey<>();
  private static final String AGENT = "auth-agent@openssh.com";

  private final ConnectionService service;
  private final Forwarding forwarding;
  private final Map<String, Listener> listening = new ConcurrentHashMap<>();
  private @Nullable Path agentSocket;

  private record Listener(ServerSocketChannel socket, @Nullable Path file) {
    void close() {
      try {
        socket.close();
        if (file != null) {
          Files.deleteIfExists(file);
        }
      } catch (IOException e) {
        LOG.debug("closing {}", socket, e);
      }
    }
  }

  private Listeners(ConnectionService service, Forwarding forwarding) {
    this.service = service;
    this.forwarding = forwarding;
  }

  /** Those of a client. */
  static Listeners of(ConnectionService service, Forwarding forwarding) {
    Session session = service.getSession();
    return session.computeAttributeIfAbsent(KEY, key -> new Listeners(service, forwarding));
  }

  static void closeAll(Session session) {
    Listeners listeners = session.getAttribute(KEY);
    if (listeners != null) {
      listeners.close();
    }
  }

  /** Listens on loopback, whatever address the client names; returns the port. */
  int tcp(String address, int port) throws IOException {
    ServerSocketChannel socket = ServerSocketChannel.open();
    try {
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      int bound = ((InetSocketAddress) socket.getLocalAddress()).getPort();
      add(address + ":" + bound, new Listener(socket, null));
      accept(
          "forwarded-tcpip",
          socket,
          buffer -> {
            buffer.putString(address);
            buffer.putUInt(bound);
            buffer.putString("127.0.0.1");
            buffer.putUInt(0);
          });
      return bound;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  void unix(String path) throws IOException {
    Path file = forwarding.resolve(path);
    accept(
        "forwarded-streamlocal@openssh.com",
        listen(path, file),
        buffer -> {
          buffer.putString(path);
          buffer.putString("");
        });
  }

  /** The socket behind which the client's own ssh-agent answers. */
  synchronized Path agent() throws IOException {
    if (agentSocket == null) {
      Path folder = Files.createTempDirectory("converge-agent-");
      folder.toFile().deleteOnExit();
      Path file = folder.resolve("socket");
      accept(AGENT, listen(AGENT, file), buffer -> {});
      agentSocket = file;
    }
    return agentSocket;
  }

  /** Whether there was such a listener. */
  boolean cancel(String name) {
    Listener listener = listening.remove(name);
    if (listener != null) {
      listener.close();
    }
    return listener != null;
  }

  private ServerSocketChannel listen(String name, Path file) throws IOException {
    ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      socket.bind(UnixDomainSocketAddress.of(file));
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
      add(name, new Listener(socket, file));
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  private void add(String name, Listener listener) throws IOException {
    listening.put(name, listener);
    if (service.getSession().isClosing()) {
      close();
      throw new IOException("the client is gone");
    }
  }

  private void accept(String type, ServerSocketChannel socket, Consumer<Buffer> details) {
    forwarding
        .pumps()
        .execute(
            () -> {
              try {
                while (true) {
                  open(type, socket.accept(), details);
                }
              } catch (IOException e) {
                LOG.debug("{} listens no more", socket);
              }
            });
  }

  private void open(String type, SocketChannel accepted, Consumer<Buffer> details)
      throws IOException {
    var channel = new ForwardedChannel(type, accepted, details, forwarding);
    try {
      service.registerChannel(channel);
      channel.open();
    } catch (IOException | RuntimeException e) {
      LOG.debug("{}: refused", accepted, e);
      accepted.close();
    }
  }

  @Override
  public void close() {
    listening.keySet().forEach(this::cancel);
  }
}
