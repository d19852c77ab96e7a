package dev.converge.cli;

import dev.converge.tunnel.TlsConfig;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;

/** The flags of every program that connects to a relay by TLS. */
public final class TlsFlags {
  /** What nobody should tell to a relay that could be anybody. */
  private static final List<String> SECRETS = List.of("--token", "--token-file");

  @Option(
      names = "--ca-file",
      paramLabel = "FILE",
      description =
          "PEM file with the CA certificates to trust for wss, instead of those of the JDK.")
  private @Nullable Path caFile;

  @Option(
      names = "--cert-file",
      paramLabel = "FILE",
      description = "PEM file with the client certificate and its chain, if the relay wants one.")
  private @Nullable Path certFile;

  @Option(
      names = "--key-file",
      paramLabel = "FILE",
      description = "PEM file with the key of the client certificate, not encrypted.")
  private @Nullable Path keyFile;

  @Option(
      names = "--insecure",
      description =
          "Take any certificate for the relay's: whoever is on the way can pose as the relay. Not"
              + " with a token.")
  private boolean insecure;

  /**
   * What the flags say; with a warning on standard error if that is to trust anybody.
   *
   * @param command the program's, whose other flags count as well
   * @throws IllegalArgumentException if they do not go together; the message is meant for the user
   */
  public TlsConfig config(CommandSpec command) {
    TlsConfig config = new TlsConfig(caFile, certFile, keyFile, insecure);
    if (insecure) {
      SECRETS.forEach(secret -> refuse(command.findOption(secret), secret));
      System.err.println(
          command.name()
              + ": warning: --insecure: the relay's certificate is not verified, so anybody on the"
              + " way can pose as the relay");
    }
    return config;
  }

  private static void refuse(@Nullable OptionSpec option, String secret) {
    if (option != null && option.getValue() != null) {
      throw new IllegalArgumentException(
          "--insecure: with "
              + secret
              + " (expected: one of them, as a token is not for anybody); --ca-file trusts a"
              + " private CA");
    }
  }
}
