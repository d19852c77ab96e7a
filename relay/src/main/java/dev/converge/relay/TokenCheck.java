package dev.converge.relay;

import dev.converge.cli.Secret;
import dev.converge.relay.TokenRefusal.Kind;
import dev.converge.tunnel.Role;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import java.time.InstantSource;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Asks agents and clients for a token, where the relay has a secret for them. */
final class TokenCheck {
  private final @Nullable TokenVerifier agents;
  private final @Nullable TokenVerifier clients;
  private final boolean trustProxy;
  private final boolean tls;

  /**
   * @param tls whether the relay itself speaks TLS
   */
  TokenCheck(TokenSecrets secrets, boolean trustProxy, boolean tls) {
    this(secrets, trustProxy, tls, InstantSource.system(), System::nanoTime);
  }

  /**
   * @param clock what tokens are compared with
   * @param nanoTime what their use is measured with
   */
  TokenCheck(
      TokenSecrets secrets,
      boolean trustProxy,
      boolean tls,
      InstantSource clock,
      LongSupplier nanoTime) {
    this.trustProxy = trustProxy;
    this.tls = tls;
    agents = verifier(secrets.agent(), clock, nanoTime);
    boolean same = secrets.agent() == secrets.client();
    clients = same ? agents : verifier(secrets.client(), clock, nanoTime);
  }

  private static @Nullable TokenVerifier verifier(
      @Nullable Secret secret, InstantSource clock, LongSupplier nanoTime) {
    return secret == null ? null : new TokenVerifier(secret, clock, nanoTime);
  }

  /** Why the request may not come in, or null if it may. */
  @Nullable Answer objection(HttpRequest request, Role role) {
    TokenVerifier verifier = role == Role.AGENT ? agents : clients;
    try {
      if (verifier != null) {
        ShownToken token = ShownToken.of(request);
        if (token.inCookie()) {
          checkSite(request.headers());
        }
        verifier.verify(token.text());
      }
      return null;
    } catch (TokenRefusal e) {
      return e.answer();
    }
  }

  /** A browser sends cookies along for pages of any site, but names the page's in Origin. */
  private void checkSite(HttpHeaders headers) throws TokenRefusal {
    List<String> origins = headers.getAll(HttpHeaderNames.ORIGIN);
    boolean own =
        origins.size() == 1
            && Origin.of(headers, trustProxy, tls)
                .filter(relay -> relay.is(origins.get(0)))
                .isPresent();
    if (!own) {
      throw new TokenRefusal(
          Kind.OTHER_SITE,
          "a token in a cookie counts only for this relay's own pages (Origin); use the header"
              + " Authorization");
    }
  }
}
