package dev.converge.relay;

import dev.converge.cli.Secret;
import dev.converge.cli.SecretOption;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options that keep out who does not know a secret. */
final class TokenOptions {
  private static final int SHORT = 32;

  @Option(
      names = {"--token", "--rpc-token"},
      paramLabel = "SECRET",
      description =
          "Let in only agents and clients with a token that is signed with this secret, as the"
              + " programs make it when they are given the same --token. Pages and downloads stay"
              + " open. Better given as CONVERGE_TOKEN, which other users of the machine cannot see."
              + " It should have 64 bytes.")
  private @Nullable String token;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "A file with that secret, without the line end behind it.")
  private @Nullable Path tokenFile;

  @Option(
      names = "--agent-token",
      paramLabel = "SECRET",
      description =
          "The secret for agents, instead of --token. Without --token and --client-token, every"
              + " client is let in.")
  private @Nullable String agentToken;

  @Option(
      names = "--agent-token-file",
      paramLabel = "FILE",
      description = "A file with the secret for agents.")
  private @Nullable Path agentTokenFile;

  @Option(
      names = "--client-token",
      paramLabel = "SECRET",
      description =
          "The secret for clients, instead of --token. Without --token and --agent-token, every"
              + " agent is let in.")
  private @Nullable String clientToken;

  @Option(
      names = "--client-token-file",
      paramLabel = "FILE",
      description = "A file with the secret for clients.")
  private @Nullable Path clientTokenFile;

  @Spec(Spec.Target.MIXEE)
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec program;

  /** The secrets; warns of what makes them weak. */
  TokenSecrets secrets() {
    Secret both = secret("--token", token, tokenFile);
    Secret agent = secret("--agent-token", agentToken, agentTokenFile);
    Secret client = secret("--client-token", clientToken, clientTokenFile);
    var secrets = new TokenSecrets(agent == null ? both : agent, client == null ? both : client);
    if ((secrets.agent() == null) != (secrets.client() == null)) {
      SecretOption.warn(
          program,
          secrets.agent() == null
              ? "only clients need a token; every agent is let in"
              : "only agents need a token; every client is let in");
    }
    return secrets;
  }

  private @Nullable Secret secret(String name, @Nullable String text, @Nullable Path file) {
    SecretOption option = new SecretOption(program, name, text, file);
    Secret secret = option.secret();
    if (secret != null) {
      option.warnIfVisible();
      if (secret.length() < SHORT) {
        SecretOption.warn(
            program,
            name + ": " + secret.length() + " bytes can be guessed (expected: >= 32, better 64)");
      }
    }
    return secret;
  }
}
