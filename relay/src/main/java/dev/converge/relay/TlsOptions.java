package dev.converge.relay;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that make a relay speak TLS by itself. */
final class TlsOptions {
  private static final Duration POLL = Duration.ofSeconds(5);

  @Option(
      names = "--use-ssl",
      description = "Speak TLS (1.2 and 1.3): https and wss. Needs --cert-file and --key-file.")
  private boolean useSsl;

  @Option(
      names = "--cert-file",
      paramLabel = "FILE",
      description =
          "PEM file with the relay's certificate and, behind it, those of the CAs up to the root."
              + " Read again when it changes.")
  private @Nullable Path certFile;

  @Option(
      names = "--key-file",
      paramLabel = "FILE",
      description =
          "PEM file with the key of the certificate, RSA or EC, not encrypted. Read again when it"
              + " changes.")
  private @Nullable Path keyFile;

  @Option(
      names = "--ca-file",
      paramLabel = "FILE",
      description =
          "PEM file with CAs: whoever connects must show a certificate of one of them (mutual TLS)."
              + " Read again when it changes.")
  private @Nullable Path caFile;

  @Option(
      names = "--redirect-http-port",
      paramLabel = "PORT",
      description =
          "A port for plain HTTP, which sends browsers on to https, and tells WebSockets to use"
              + " wss; 0 for any free one.")
  private @Nullable Integer redirectPort;

  /**
   * What they say; null without TLS.
   *
   * @param port the port of TLS
   * @throws IllegalArgumentException if they do not go together
   */
  @Nullable TlsSettings settings(int port) {
    if (!useSsl) {
      refuse("--cert-file", certFile);
      refuse("--key-file", keyFile);
      refuse("--ca-file", caFile);
      refuse("--redirect-http-port", redirectPort);
      return null;
    }
    if (certFile == null || keyFile == null) {
      String missing = certFile == null ? "--cert-file" : "--key-file";
      throw new IllegalArgumentException(
          "--use-ssl: without " + missing + " (expected: --cert-file and --key-file)");
    }
    check(port);
    return new TlsSettings(
        new TlsFiles(certFile, keyFile, caFile), TlsSettings.bestEngine(), POLL, redirectPort);
  }

  private static void refuse(String flag, @Nullable Object value) {
    if (value != null) {
      throw new IllegalArgumentException(flag + ": without --use-ssl (expected: both)");
    }
  }

  private void check(int port) {
    if (redirectPort == null) {
      return;
    }
    if (redirectPort < 0 || redirectPort > 65535) {
      throw new IllegalArgumentException(
          "--redirect-http-port: " + redirectPort + " (expected: 0 to 65535)");
    }
    if (redirectPort == port && port != 0) {
      throw new IllegalArgumentException(
          "--redirect-http-port: " + redirectPort + " (expected: another one than --port)");
    }
  }
}
