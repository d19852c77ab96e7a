package dev.converge.tunnel;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Shows the one certificate that there is to any server that asks, and remembers who asked. The
 * JDK's own would hold it back from a server that names other CAs, so that nobody could tell a
 * wrong certificate from none.
 */
final class ClientKeys extends X509ExtendedKeyManager {
  private static final String ALIAS = "client";

  private final @Nullable Identity identity;
  private final Set<Object> askers =
      Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

  ClientKeys(@Nullable Identity identity) {
    this.identity = identity;
  }

  boolean areThere() {
    return identity != null;
  }

  boolean wereAskedBy(Object connection) {
    return askers.contains(connection);
  }

  @Override
  public @Nullable String chooseClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return asked(keyTypes, socket);
  }

  @Override
  public @Nullable String chooseEngineClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
    return asked(keyTypes, engine);
  }

  private @Nullable String asked(String[] keyTypes, @Nullable Object asker) {
    if (asker != null) {
      askers.add(asker);
    }
    return identity != null && Arrays.asList(keyTypes).contains(identity.key().getAlgorithm())
        ? ALIAS
        : null;
  }

  @Override
  public X509Certificate @Nullable [] getCertificateChain(String alias) {
    return identity == null ? null : identity.chain().toArray(X509Certificate[]::new);
  }

  @Override
  public @Nullable PrivateKey getPrivateKey(String alias) {
    return identity == null ? null : identity.key();
  }

  @Override
  public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
    return null;
  }

  @Override
  public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
    return null;
  }

  @Override
  public @Nullable String chooseServerAlias(
      String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return null;
  }
}
