package dev.converge.relay;

import dev.converge.cli.Flag;
import dev.converge.cli.Flags;
import dev.converge.cli.IntegerConverter;
import dev.converge.cli.PathConverter;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The options that make a relay speak TLS by itself. */
final class TlsOptions {
  private static final Duration POLL = Duration.ofSeconds(5);

  private final Flag<Boolean> useSsl;
  private final Flag<Path> certFile;
  private final Flag<Path> keyFile;
  private final Flag<Path> caFile;
  private final Flag<Integer> redirectPort;

  TlsOptions(Flags flags) {
    useSsl =
        flags.toggle(
            "--use-ssl",
            "Speak TLS (1.2 and 1.3): https and wss. Needs --cert-file and --key-file.");
    certFile =
        flags.option(
            "--cert-file",
            "FILE",
            new PathConverter(),
            "PEM file with the relay's certificate and, behind it, those of the CAs up to the root."
                + " Read again when it changes.");
    keyFile =
        flags.option(
            "--key-file",
            "FILE",
            new PathConverter(),
            "PEM file with the key of the certificate, RSA or EC, not encrypted. Read again when it"
                + " changes.");
    caFile =
        flags.option(
            "--ca-file",
            "FILE",
            new PathConverter(),
            "PEM file with CAs: whoever connects must show a certificate of one of them (mutual"
                + " TLS). Read again when it changes.");
    redirectPort =
        flags.option(
            "--redirect-http-port",
            "PORT",
            new IntegerConverter(),
            "A port for plain HTTP, which sends browsers on to https, and tells WebSockets to use"
                + " wss; 0 for any free one.");
  }

  /**
   * What they say; null without TLS.
   *
   * @param port the port of TLS
   * @throws IllegalArgumentException if they do not go together
   */
  @Nullable TlsSettings settings(int port) {
    if (!useSsl.value()) {
      refuse("--cert-file", certFile);
      refuse("--key-file", keyFile);
      refuse("--ca-file", caFile);
      refuse("--redirect-http-port", redirectPort);
      return null;
    }
    Path cert = certFile.valueOrNull();
    Path key = keyFile.valueOrNull();
    if (cert == null || key == null) {
      String missing = cert == null ? "--cert-file" : "--key-file";
      throw new IllegalArgumentException(
          "--use-ssl: without " + missing + " (expected: --cert-file and --key-file)");
    }
    check(redirectPort.valueOrNull(), port);
    return new TlsSettings(
        new TlsFiles(cert, key, caFile.valueOrNull()),
        TlsSettings.bestEngine(),
        POLL,
        redirectPort.valueOrNull());
  }

  private static void refuse(String name, Flag<?> flag) {
    if (flag.isSet()) {
      throw new IllegalArgumentException(name + ": without --use-ssl (expected: both)");
    }
  }

  private static void check(@Nullable Integer redirect, int port) {
    if (redirect == null) {
      return;
    }
    if (redirect < 0 || redirect > 65535) {
      throw new IllegalArgumentException(
          "--redirect-http-port: " + redirect + " (expected: 0 to 65535)");
    }
    if (redirect == port && port != 0) {
      throw new IllegalArgumentException(
          "--redirect-http-port: " + redirect + " (expected: another one than --port)");
    }
  }
}
