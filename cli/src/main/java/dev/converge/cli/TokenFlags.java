package dev.converge.cli;

import dev.converge.tunnel.Endpoint;
import dev.converge.tunnel.TokenMint;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The flags of every program that may have to show a token to its relay. */
public final class TokenFlags {
  private static final String LOOPBACK = "localhost|127(\\.\\d{1,3}){3}|::1|0:0:0:0:0:0:0:1";

  private final Flags flags;
  private final SecretFlag token;

  public TokenFlags(Flags flags) {
    this.flags = flags;
    token =
        new SecretFlag(
            flags,
            "--token",
            "The secret that the relay shares with its users, if it has one. It makes a token for"
                + " each connection and is not sent itself. Better given as CONVERGE_TOKEN, which"
                + " other users of the machine cannot see.",
            "A file with that secret.");
  }

  /**
   * What makes the tokens, or null if there is no secret; warns of what lays it or them open.
   *
   * @throws IllegalArgumentException if the secret is empty or given twice
   * @throws Failure if its file cannot be read
   */
  public @Nullable TokenMint mint(Endpoint endpoint) {
    Secret secret = token.secret();
    if (secret == null) {
      return null;
    }
    if (!endpoint.secure() && !Pattern.matches(LOOPBACK, endpoint.host())) {
      flags.warn(
          "without TLS (wss://) whoever listens on the way to the relay can use a token for 30 s");
    }
    return new TokenMint(secret.bytes());
  }
}
