package dev.converge.cli;

import dev.converge.tunnel.TlsConfig;
import java.nio.file.Path;
import java.util.List;

/** The flags of every program that connects to a relay by TLS. */
public final class TlsFlags {
  /** What nobody should tell to a relay that could be anybody. */
  private static final List<String> SECRETS = List.of("--token", "--token-file");

  private final Flags flags;
  private final Flag<Path> caFile;
  private final Flag<Path> certFile;
  private final Flag<Path> keyFile;
  private final Flag<Boolean> insecure;

  public TlsFlags(Flags flags) {
    this.flags = flags;
    caFile =
        file(
            "--ca-file",
            "PEM file with the CA certificates to trust for wss, instead of those of the JDK.");
    certFile =
        file(
            "--cert-file",
            "PEM file with the client certificate and its chain, if the relay wants one.");
    keyFile = file("--key-file", "PEM file with the key of the client certificate, not encrypted.");
    insecure =
        flags.toggle(
            "--insecure",
            "Take any certificate for the relay's: whoever is on the way can pose as the relay. Not"
                + " with a token.");
  }

  private Flag<Path> file(String name, String help) {
    return flags.option(name, "FILE", new PathConverter(), help);
  }

  /**
   * What the flags say; with a warning on standard error if that is to trust anybody.
   *
   * @throws IllegalArgumentException if they do not go together; the message is meant for the user
   */
  public TlsConfig config() {
    TlsConfig config =
        new TlsConfig(
            caFile.valueOrNull(), certFile.valueOrNull(), keyFile.valueOrNull(), insecure.value());
    if (insecure.value()) {
      SECRETS.forEach(this::refuse);
      flags.warn(
          "--insecure: the relay's certificate is not verified, so anybody on the way can pose as"
              + " the relay");
    }
    return config;
  }

  private void refuse(String secret) {
    if (flags.isSet(secret)) {
      throw new IllegalArgumentException(
          "--insecure: with "
              + secret
              + " (expected: one of them, as a token is not for anybody); --ca-file trusts a"
              + " private CA");
    }
  }
}
