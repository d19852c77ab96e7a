package dev.converge.agent;

import dev.converge.cli.ExitCode;
import dev.converge.cli.Failure;
import io.netty.channel.Channel;
import java.io.PrintStream;
import java.security.PublicKey;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One session: an SSH server, its link to the relay, and the clock that ends them. */
final class Agent implements RelayLink.Listener, LastingStreams.Host, SessionClock.Audience {
  private static final Logger LOG = LoggerFactory.getLogger(Agent.class);
  private static final Duration FAREWELL = Duration.ofSeconds(2);

  private final AgentConfig config;
  private final PrintStream out;
  private final SessionClock clock;
  private final RelayLink link;
  private final SshEndpoint ssh;
  private final LastingStreams streams;
  private boolean closed;
  private final CompletableFuture<Void> instructed = new CompletableFuture<>();
  private final CompletableFuture<String> over = new CompletableFuture<>();

  /**
   * @param out where the instructions go
   * @throws IllegalArgumentException if a setting makes no sense
   */
  Agent(AgentConfig config, PrintStream out) {
    this.config = config;
    this.out = out;
    clock =
        new SessionClock(
            config.clock(), HoldFile.in(config.ssh().directory()), TimeSource.system());
    ssh = new SshEndpoint(config.ssh(), config.rules(), clock);
    link = new RelayLink(config.link(), this);
    streams = new LastingStreams(config.link().endpoint().id(), config.resume(), this);
  }

  /**
   * Runs the session to its end; returns the exit code. The relay is called as soon as it is known
   * who gets in, while the SSH server starts: a client that comes before it is there waits for it.
   *
   * @throws Failure if a file cannot be used, the relay refused, or could not be reached
   */
  int run() {
    clock.start(this);
    PublicKey hostKey = hostKey();
    link.start();
    instruct(hostKey);
    instructed.complete(null);
    String reason = ended();
    LOG.info("{}: {}", config.link().endpoint().id(), reason);
    close(reason);
    return ExitCode.OK;
  }

  private void instruct(PublicKey hostKey) {
    out.print(
        new Instructions(
                config.link().endpoint(),
                hostKey,
                config.madePassword(),
                config.clock().expiry(),
                config.wsproxy())
            .text());
    if (config.link().tokens() != null) {
      out.println("Where you run these commands, set CONVERGE_TOKEN to the relay's secret.\n");
    }
    out.flush();
  }

  private PublicKey hostKey() {
    try {
      return ssh.hostKey();
    } catch (RuntimeException e) {
      close("The agent cannot start.");
      throw e;
    }
  }

  private String ended() {
    try {
      return over.join();
    } catch (CompletionException e) {
      close("The relay is gone.");
      throw e.getCause() instanceof Failure failure ? failure : e;
    }
  }

  /**
   * Tells the clients why, ends their sessions, and leaves the relay. Only the first call counts;
   * the others wait for it.
   */
  synchronized void close(String reason) {
    if (!closed) {
      closed = true;
      CompletableFuture<Void> told = streams.close();
      ssh.close(reason);
      told.completeOnTimeout(null, FAREWELL.toMillis(), TimeUnit.MILLISECONDS).join();
      link.close();
    }
  }

  @Override
  public void ready() {
    instructed.thenRun(
        () -> {
          out.println("waiting for clients");
          out.flush();
        });
  }

  @Override
  public void paired(Channel channel, String client, boolean mayResume) {
    if (mayResume) {
      streams.greet(channel, client);
    } else {
      attach(channel, client);
    }
  }

  @Override
  public void attach(Channel channel, String client) {
    ssh.attach(channel, client);
  }

  @Override
  public StreamSession session(String client, ByteStream stream) {
    return ssh.session(client, stream);
  }

  @Override
  public void came() {
    link.expect();
  }

  @Override
  public void gone() {
    link.expectNoMore();
  }

  @Override
  public void gaveUp(Failure why) {
    over.completeExceptionally(why);
  }

  @Override
  public void warn(String message) {
    ssh.broadcast(message);
  }

  @Override
  public void end(String reason) {
    over.complete(reason);
  }
}
