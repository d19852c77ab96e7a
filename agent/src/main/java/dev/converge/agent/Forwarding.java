package dev.converge.agent;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.apache.sshd.common.channel.Channel;
import org.apache.sshd.common.channel.ChannelFactory;
import org.apache.sshd.common.global.KeepAliveHandler;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.server.SshServer;

/** The forwarding of TCP ports and Unix sockets, in both directions. */
final class Forwarding {
  static final String REFUSAL = "forwarding is switched off for this login";

  private final SshConfig config;
  private final SessionEvents events;
  private final Executor pumps;

  Forwarding(SshConfig config, SessionEvents events, Executor pumps) {
    this.config = config;
    this.events = events;
    this.pumps = pumps;
  }

  private record Factory(String name, java.util.function.Supplier<Channel> maker)
      implements ChannelFactory {
    @Override
    public String getName() {
      return name;
    }

    @Override
    public Channel createChannel(Session session) {
      return maker.get();
    }
  }

  void install(SshServer server) {
    List<ChannelFactory> factories = new ArrayList<>();
    factories.add(new Factory("session", () -> new SessionChannel(events, this)));
    for (String type : List.of(DirectChannel.TCP, DirectChannel.UNIX)) {
      factories.add(new Factory(type, () -> new DirectChannel(type, this)));
    }
    server.setChannelFactories(factories);
    server.setGlobalRequestHandlers(List.of(KeepAliveHandler.INSTANCE, new ListenRequests(this)));
  }

  boolean allowed(Session session) {
    return config.forwarding() && Permissions.of(session).forwarding();
  }

  Executor pumps() {
    return pumps;
  }

  void input() {
    events.input();
  }

  /** A path of a client's, seen from where its shells start. */
  Path resolve(String path) {
    return config.directory().resolve(path);
  }
}
