package dev.converge.agent;

import dev.converge.tunnel.Endpoint;
import dev.converge.tunnel.ProxySettings;
import dev.converge.tunnel.TokenMint;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How the agent is linked to its relay.
 *
 * @param endpoint where its slots wait
 * @param key the secret of this run, which makes the ID its own
 * @param tokens makes what the relay wants to see of each slot; null if it has no secret
 * @param proxies what stands between
 * @param trust whom to believe to be the relay, or a proxy, when it speaks TLS, and who to be
 * @param connectTimeout how long the relay may be out of reach while no client is connected
 * @param times how long each step may take
 */
record LinkConfig(
    Endpoint endpoint,
    String key,
    @Nullable TokenMint tokens,
    ProxySettings proxies,
    Trust trust,
    Duration connectTimeout,
    LinkTimes times) {

  /** The URL without its query, which may hold a token. */
  String shownEndpoint() {
    return endpoint.toString().replaceFirst("\\?.*", "");
  }

  @Override
  public String toString() {
    return "LinkConfig[" + shownEndpoint() + "]";
  }
}
