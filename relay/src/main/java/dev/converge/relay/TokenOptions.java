package dev.converge.relay;

import dev.converge.cli.Flags;
import dev.converge.cli.Secret;
import dev.converge.cli.SecretFlag;
import org.jspecify.annotations.Nullable;

/** The options that keep out who does not know a secret. */
final class TokenOptions {
  private static final int SHORT = 32;

  private final Flags flags;
  private final SecretFlag token;
  private final SecretFlag agentToken;
  private final SecretFlag clientToken;

  TokenOptions(Flags flags) {
    this.flags = flags;
    token =
        new SecretFlag(
                flags,
                "--token",
                "Let in only agents and clients with a token that is signed with this secret, as"
                    + " the programs make it when they are given the same --token. Pages and"
                    + " downloads stay open. Better given as CONVERGE_TOKEN, which other users of"
                    + " the machine cannot see. It should have 64 bytes.",
                "A file with that secret, without the line end behind it.")
            .alias("--rpc-token");
    agentToken =
        new SecretFlag(
            flags,
            "--agent-token",
            "The secret for agents, instead of --token. Without --token and --client-token, every"
                + " client is let in.",
            "A file with the secret for agents.");
    clientToken =
        new SecretFlag(
            flags,
            "--client-token",
            "The secret for clients, instead of --token. Without --token and --agent-token, every"
                + " agent is let in.",
            "A file with the secret for clients.");
  }

  /** The secrets; warns of what makes them weak. */
  TokenSecrets secrets() {
    Secret both = secret(token);
    Secret agent = secret(agentToken);
    Secret client = secret(clientToken);
    var secrets = new TokenSecrets(agent == null ? both : agent, client == null ? both : client);
    if ((secrets.agent() == null) != (secrets.client() == null)) {
      flags.warn(
          secrets.agent() == null
              ? "only clients need a token; every agent is let in"
              : "only agents need a token; every client is let in");
    }
    return secrets;
  }

  private @Nullable Secret secret(SecretFlag flag) {
    Secret secret = flag.secret();
    if (secret != null && secret.length() < SHORT) {
      flags.warn(
          flag.name()
              + ": "
              + secret.length()
              + " bytes can be guessed (expected: >= 32, better 64)");
    }
    return secret;
  }
}
