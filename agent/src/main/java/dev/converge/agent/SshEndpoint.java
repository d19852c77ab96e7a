package dev.converge.agent;

import io.netty.channel.Channel;
import java.io.IOException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.sshd.common.AttributeRepository.AttributeKey;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.file.nativefs.NativeFileSystemFactory;
import org.apache.sshd.common.forward.DefaultForwarderFactory;
import org.apache.sshd.common.io.IoHandler;
import org.apache.sshd.common.io.IoSession;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.common.random.SingletonRandomFactory;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.SessionListener;
import org.apache.sshd.common.session.helpers.DefaultUnknownChannelReferenceHandler;
import org.apache.sshd.common.util.Readable;
import org.apache.sshd.common.util.security.SecurityUtils;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.sftp.SftpModuleProperties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The SSH server for all clients of this agent. */
final class SshEndpoint implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SshEndpoint.class);
  private static final AttributeKey<Boolean> LOGGED_IN = new AttributeKey<>();
  private static final Duration FAREWELL = Duration.ofSeconds(2);
  private static final long PACKET = 64 * 1024;

  /** What one request of sftp reads at most, as with OpenSSH. */
  private static final int SFTP_READ = 255 * 1024;

  private static final int LOGIN_ATTEMPTS = 6;

  private final Rules rules;
  private final SessionEvents events;
  private final Processes processes = new Processes();
  private final Set<ProcessCommand> running = ConcurrentHashMap.newKeySet();
  private final Set<Session> sessions = ConcurrentHashMap.newKeySet();
  private final ExecutorService pool;
  private final ScheduledExecutorService timer;
  private final CompletableFuture<Credentials> credentials;
  private final CompletableFuture<Server> starting;
  private final AtomicBoolean closed = new AtomicBoolean();

  /** Begins to start it, which takes a while and goes on in the background. */
  SshEndpoint(SshConfig config, Rules rules, SessionEvents events) {
    this.rules = rules;
    this.events = events;
    pool = Executors.newCachedThreadPool(task -> daemon(task, "ssh"));
    timer = Executors.newSingleThreadScheduledExecutor(task -> daemon(task, "ssh-timer"));
    credentials = CompletableFuture.supplyAsync(() -> credentials(config), pool);
    starting = credentials.thenApplyAsync(found -> start(config, found), pool);
  }

  /** Who the server is, and who gets in. */
  private record Credentials(KeyPair hostKey, Login login) {}

  private static Credentials credentials(SshConfig config) {
    BouncyCastle.register();
    return new Credentials(HostKey.get(config.hostKey()), new Login(config));
  }

  private Server start(SshConfig config, Credentials found) {
    var server = new Server(found.hostKey());
    found.login().guard(server);
    var attempts = new Attempts(rules.limits(), System::nanoTime);
    new Gate(rules.limits(), attempts, timer).install(server);
    var shells = new Shells(config, processes.run());
    new Commands(shells, events, new RunningCommands()).install(server);
    new Forwarding(config, events, pool).install(server);
    server.begin();
    var unused =
        timer.scheduleAtFixedRate(
            () -> sessions.forEach(Heartbeat::beat),
            Heartbeat.INTERVAL.toSeconds(),
            Heartbeat.INTERVAL.toSeconds(),
            TimeUnit.SECONDS);
    return server;
  }

  private static <T> T result(CompletableFuture<T> future) {
    try {
      return future.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  private static Thread daemon(Runnable task, String name) {
    var thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  /** A server that never listens: its sessions are brought to it. */
  private final class Server extends SshServer {
    Server(KeyPair hostKey) {
      setScheduledExecutorService(timer);
      setKeyPairProvider(KeyPairProvider.wrap(hostKey));
      setFileSystemFactory(NativeFileSystemFactory.INSTANCE);
      setRandomFactory(new SingletonRandomFactory(SecurityUtils.getRandomFactory()));
      setForwarderFactory(DefaultForwarderFactory.INSTANCE);
      setUnknownChannelReferenceHandler(DefaultUnknownChannelReferenceHandler.INSTANCE);
      setChannelStreamWriterResolver((channel, stream) -> new Ahead(channel));
      Algorithms.offer(this);
      addSessionListener(new Lives());
      CoreModuleProperties.SERVER_IDENTIFICATION.set(this, "Converge");
      // The gate's business: this one begins anew in the middle, and is only looked at now and
      // then.
      CoreModuleProperties.AUTH_TIMEOUT.set(this, Duration.ZERO);
      CoreModuleProperties.IDLE_TIMEOUT.set(this, Duration.ZERO);
      CoreModuleProperties.MAX_AUTH_REQUESTS.set(this, LOGIN_ATTEMPTS);
      CoreModuleProperties.MAX_PACKET_SIZE.set(this, PACKET);
      SftpModuleProperties.MAX_READDATA_PACKET_LENGTH.set(this, SFTP_READ);
      CoreModuleProperties.WAIT_FOR_SPACE_TIMEOUT.set(this, Duration.ofDays(365));
    }

    void begin() {
      checkConfig();
      setSessionFactory(createSessionFactory());
      setupSessionTimeout(getSessionFactory());
    }
  }

  /** A client's session waits for the server on its own lane. */
  private final class Arrivals implements IoHandler {
    @Override
    public void sessionCreated(IoSession session) throws Exception {
      result(starting).getSessionFactory().sessionCreated(session);
    }

    @Override
    public void sessionClosed(IoSession session) throws Exception {
      result(starting).getSessionFactory().sessionClosed(session);
    }

    @Override
    public void exceptionCaught(IoSession session, Throwable cause) throws Exception {
      result(starting).getSessionFactory().exceptionCaught(session, cause);
    }

    @Override
    public void messageReceived(IoSession session, Readable message) throws Exception {
      result(starting).getSessionFactory().messageReceived(session, message);
    }
  }

  private final class RunningCommands implements ProcessCommand.Host {
    @Override
    public Executor pumps() {
      return pool;
    }

    @Override
    public void started(ProcessCommand command, Child child) {
      processes.started(child.pid());
      running.add(command);
    }

    @Override
    public void ended(ProcessCommand command) {
      running.remove(command);
    }
  }

  /** Follows clients from their login to their end. */
  private final class Lives implements SessionListener {
    @Override
    public void sessionCreated(Session session) {
      rules.impose(session);
      sessions.add(session);
    }

    @Override
    public void sessionPeerIdentificationReceived(
        Session session, String version, java.util.List<String> extraLines) {
      Algorithms.narrow(session, version);
    }

    @Override
    public void sessionEvent(Session session, Event event) {
      if (event == Event.Authenticated) {
        session.setAttribute(LOGGED_IN, true);
        LOG.info("client {} has logged in with {}", name(session), Admission.with(session));
        events.loggedIn(name(session));
      }
    }

    @Override
    public void sessionClosed(Session session) {
      sessions.remove(session);
      Listeners.closeAll(session);
      if (session.removeAttribute(LOGGED_IN) != null) {
        events.left(name(session));
      }
    }

    private static String name(Session session) {
      return session.getIoSession().getRemoteAddress().toString();
    }
  }

  /**
   * The key that clients see; once it is known, so is who gets in. This may wait for keys to be
   * made and fetched, so it is not for an event loop.
   *
   * @throws dev.converge.cli.Failure if a file cannot be used, or keys not be fetched
   */
  PublicKey hostKey() {
    return result(credentials).hostKey().getPublic();
  }

  /**
   * Serves one client. From now on the channel's inbound {@code ByteBuf}s are SSH bytes, and those
   * written to it go to the client; the channel closes when the session ends and the other way
   * round. To be called on the channel's event loop, with autoRead off: the server speaks first,
   * and reads are asked for from here.
   */
  void attach(Channel channel, String client) {
    if (closed.get()) {
      var unused = channel.close();
      return;
    }
    var stream = new ChannelStream(channel);
    StreamSession session = session(client, stream);
    stream.feed(session);
    session.begin();
    channel.pipeline().addLast(stream);
  }

  /** A session of its own for one client, over a stream that has yet to be told of it. */
  StreamSession session(String client, ByteStream stream) {
    return new StreamSession(client, stream, new Arrivals(), new Lane(pool));
  }

  /** Puts a message on the screen of every interactive shell. */
  void broadcast(String message) {
    running.forEach(command -> pool.execute(() -> command.show(message)));
  }

  /**
   * Tells all clients why, and ends their sessions and processes; only the first call counts. Takes
   * up to some seconds while processes are slow to end; not for an event loop.
   */
  void close(String reason) {
    if (closed.getAndSet(true)) {
      return;
    }
    for (Session session : sessions) {
      try {
        session.disconnect(SshConstants.SSH2_DISCONNECT_BY_APPLICATION, reason);
      } catch (IOException e) {
        LOG.debug("{}: gone before its farewell", session, e);
      }
    }
    awaitFarewells();
    sessions.forEach(session -> session.close(true));
    processes.end();
    starting.thenAccept(server -> server.close(true));
    timer.shutdownNow();
    pool.shutdown();
  }

  private void awaitFarewells() {
    long deadline = System.nanoTime() + FAREWELL.toNanos();
    try {
      for (Session session : sessions) {
        session.close(false).await(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
      }
    } catch (IOException e) {
      LOG.debug("not all clients were told", e);
    }
  }

  @Override
  public void close() {
    close("The agent has ended.");
  }
}
