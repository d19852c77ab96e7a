package dev.converge.relay;

import dev.converge.cli.Command;
import dev.converge.cli.ExitCode;
import dev.converge.cli.Failure;
import dev.converge.cli.Flag;
import dev.converge.cli.Flags;
import dev.converge.cli.IntegerConverter;
import dev.converge.cli.PathConverter;
import dev.converge.cli.TextConverter;
import dev.converge.tunnel.Protocol;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** The command line of the relay. */
final class RelayCommand implements Command {
  private static final Duration GRACE = Duration.ofSeconds(8);

  private final Flags flags;
  private final Flag<String> bind;
  private final Flag<Integer> port;
  private final Flag<Boolean> trustProxy;
  private final Flag<Boolean> proxyProtocol;
  private final Flag<Path> runtimes;
  private final TlsOptions tls;
  private final LimitOptions limits;
  private final AddressLimitOptions addressLimits;
  private final BridgeLimitOptions bridgeLimits;
  private final TokenOptions tokens;

  RelayCommand(Map<String, String> environment) {
    flags = new Flags("relay", environment);
    flags.describe(
        List.of(
            "Pairs agents in CI jobs with the developers who want to enter them, and carries bytes"
                + " between them. What it carries is SSH, end to end; it cannot read it."),
        List.of("Each option can be given in the environment: --some-flag as CONVERGE_SOME_FLAG."));
    bind =
        flags.option(
            "--bind",
            "ADDRESS",
            new TextConverter(),
            "The address to listen at (default: all, IPv4 and IPv6).");
    port =
        flags
            .option(
                "--port",
                "PORT",
                new IntegerConverter(),
                "The TCP port to listen at, 0 for any free one (default: {default}).")
            .orElse("" + Protocol.DEFAULT_PORT);
    trustProxy =
        flags.toggle(
            "--trust-proxy",
            "Believe X-Forwarded-Proto, X-Forwarded-Host and the last entry of X-Forwarded-For or"
                + " Forwarded, which a reverse proxy in front sets.");
    proxyProtocol =
        flags.toggle(
            "--proxy-protocol",
            "Every connection begins with a PROXY header (version 1 or 2), from which the client's"
                + " address is taken; one that does not is closed.");
    runtimes =
        flags.option(
            "--runtimes",
            "DIR",
            new PathConverter(),
            "Hand out the Java runtimes in this directory, OS-ARCH.tar.gz, beside the packaged one;"
                + " read once, at the start.");
    tls = new TlsOptions(flags);
    limits = new LimitOptions(flags);
    addressLimits = new AddressLimitOptions(flags);
    bridgeLimits = new BridgeLimitOptions(flags);
    tokens = new TokenOptions(flags);
  }

  @Override
  public Flags flags() {
    return flags;
  }

  @Override
  public int run() throws InterruptedException {
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
    int number = port.value();
    if (number < 0 || number > 65535) {
      throw new IllegalArgumentException("--port: " + number + " (expected: 0 to 65535)");
    }
    String host = bind.valueOrNull();
    try {
      var address =
          host == null
              ? new InetSocketAddress(number)
              : new InetSocketAddress(InetAddress.getByName(host), number);
      return new RelayConfig(
          address,
          trustProxy.value(),
          proxyProtocol.value(),
          limits.relay(),
          limits.rendezvous(),
          limits.visitors(addressLimits.limits()),
          bridgeLimits.limits(),
          tokens.secrets(),
          tls.settings(number),
          directory(runtimes));
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(
          "--bind: '" + host + "' (expected: an address of this machine)", e);
    }
  }

  private static @Nullable Path directory(Flag<Path> flag) {
    Path directory = flag.valueOrNull();
    if (directory != null && !Files.isDirectory(directory)) {
      throw new IllegalArgumentException("--runtimes: '" + directory + "' (expected: a directory)");
    }
    return directory;
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
