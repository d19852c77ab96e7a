package dev.converge.cli;

import dev.converge.tunnel.Endpoint;
import dev.converge.tunnel.TokenMint;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The flags of every program that may have to show a token to its relay. */
public final class TokenFlags {
  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|127(\\.\\d{1,3}){3}|::1|0:0:0:0:0:0:0:1");

  @Option(
      names = "--token",
      paramLabel = "SECRET",
      description =
          "The secret that the relay shares with its users, if it has one. It makes a token for each"
              + " connection and is not sent itself. Better given as CONVERGE_TOKEN, which other users"
              + " of the machine cannot see.")
  private @Nullable String token;

  @Option(names = "--token-file", paramLabel = "FILE", description = "A file with that secret.")
  private @Nullable Path tokenFile;

  @Spec(Spec.Target.MIXEE)
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec program;

  /**
   * What makes the tokens, or null if there is no secret; warns of what lays it or them open.
   *
   * @throws IllegalArgumentException if the secret is empty or given twice
   * @throws Failure if its file cannot be read
   */
  public @Nullable TokenMint mint(Endpoint endpoint) {
    SecretOption option = new SecretOption(program, "--token", token, tokenFile);
    Secret secret = option.secret();
    if (secret == null) {
      return null;
    }
    option.warnIfVisible();
    if (!endpoint.secure() && !LOOPBACK.matcher(endpoint.host()).matches()) {
      SecretOption.warn(
          program,
          "without TLS (wss://) whoever listens on the way to the relay can use a token for 30 s");
    }
    return new TokenMint(secret.bytes());
  }
}
