package dev.converge.relay;

import dev.converge.cli.ExitCode;
import dev.converge.cli.Failure;
import dev.converge.cli.ProgramVersion;
import dev.converge.tunnel.Protocol;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The command line of the relay. */
@Command(
    name = "relay",
    mixinStandardHelpOptions = true,
    versionProvider = ProgramVersion.class,
    sortOptions = false,
    description = {
      "Pairs agents in CI jobs with the developers who want to enter them, and carries bytes between"
          + " them. What it carries is SSH, end to end; it cannot read it.",
      ""
    },
    footer = {
      "",
      "Each option can be given in the environment: --some-flag as CONVERGE_SOME_FLAG."
    })
final class RelayCommand implements Callable<Integer> {
  private static final Duration GRACE = Duration.ofSeconds(8);

  @Option(
      names = "--bind",
      paramLabel = "ADDRESS",
      description = "The address to listen at (default: all, IPv4 and IPv6).")
  private @Nullable String bind;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "" + Protocol.DEFAULT_PORT,
      description = "The TCP port to listen at, 0 for any free one (default: ${DEFAULT-VALUE}).")
  private int port;

  @Option(
      names = "--trust-proxy",
      description =
          "Believe X-Forwarded-Proto, X-Forwarded-Host and the last entry of X-Forwarded-For or"
              + " Forwarded, which a reverse proxy in front sets.")
  private boolean trustProxy;

  @Option(
      names = "--proxy-protocol",
      description =
          "Every connection begins with a PROXY header (version 1 or 2), from which the client's"
              + " address is taken; one that does not is closed.")
  private boolean proxyProtocol;

  @Option(
      names = "--runtimes",
      paramLabel = "DIR",
      description =
          "Hand out the Java runtimes in this directory, OS-ARCH.tar.gz, beside the packaged one; read"
              + " once, at the start.")
  private @Nullable Path runtimes;

  @Mixin private TlsOptions tls = new TlsOptions();

  @Mixin private LimitOptions limits = new LimitOptions();

  @Mixin private AddressLimitOptions addressLimits = new AddressLimitOptions();

  @Mixin private BridgeLimitOptions bridgeLimits = new BridgeLimitOptions();

  @Mixin private TokenOptions tokens = new TokenOptions();

  @Override
  public Integer call() throws InterruptedException {
    try (Relay relay = start(config())) {
      Runtime.getRuntime().addShutdownHook(new Thread(() -> relay.stop(GRACE), "shutdown"));
      System.out.println("relay listening on " + url(relay.scheme(), relay.address()));
      relay
          .redirectAddress()
          .ifPresent(at -> System.out.println("redirecting from " + url("http", at)));
      new CountDownLatch(1).await();
    }
    return ExitCode.OK;
  }

  private RelayConfig config() {
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException("--port: " + port + " (expected: 0 to 65535)");
    }
    if (runtimes != null && !Files.isDirectory(runtimes)) {
      throw new IllegalArgumentException("--runtimes: '" + runtimes + "' (expected: a directory)");
    }
    try {
      var address =
          bind == null
              ? new InetSocketAddress(port)
              : new InetSocketAddress(InetAddress.getByName(bind), port);
      return new RelayConfig(
          address,
          trustProxy,
          proxyProtocol,
          limits.relay(),
          limits.rendezvous(),
          limits.visitors(addressLimits.limits()),
          bridgeLimits.limits(),
          tokens.secrets(),
          tls.settings(port),
          runtimes);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(
          "--bind: '" + bind + "' (expected: an address of this machine)", e);
    }
  }

  private Relay start(RelayConfig config) {
    try {
      return new Relay(config);
    } catch (IOException e) {
      String at = NetUtil.toSocketAddressString(config.address());
      throw new Failure(
          "cannot listen at " + at + ": " + e.getMessage() + "; choose another --port or --bind",
          e);
    }
  }

  private static String url(String scheme, InetSocketAddress address) {
    String host = address.getAddress().isAnyLocalAddress() ? "127.0.0.1" : address.getHostString();
    return scheme + "://" + NetUtil.toSocketAddressString(host, address.getPort());
  }
}
