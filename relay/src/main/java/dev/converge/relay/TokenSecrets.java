package dev.converge.relay;

import dev.converge.cli.Secret;
import org.jspecify.annotations.Nullable;

/**
 * The secrets with which tokens must be signed.
 *
 * @param agent for agents; null lets every agent in
 * @param client for clients; null lets every client in
 */
record TokenSecrets(@Nullable Secret agent, @Nullable Secret client) {
  /** Everybody may come in. */
  static final TokenSecrets NONE = new TokenSecrets(null, null);
}
