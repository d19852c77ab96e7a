package dev.converge.agent;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.auth.UserAuthFactory;
import org.apache.sshd.server.auth.password.UserAuthPasswordFactory;
import org.apache.sshd.server.session.ServerSession;
import org.jspecify.annotations.Nullable;

/** Who gets in: user {@code abc} with one of the keys or with the password. */
final class Login {
  static final String USER = "abc";

  private final @Nullable Keyring keys;
  private final byte @Nullable [] password;

  Login(SshConfig config) {
    boolean alone = config.password() == null;
    keys = config.keys().isEmpty() ? null : new Keyring(config.keys(), alone, TimeSource.system());
    password = config.password() == null ? null : digest(config.password());
  }

  /** Offers the methods that can succeed, and no others. */
  void guard(SshServer server) {
    List<UserAuthFactory> methods = new ArrayList<>();
    if (keys != null) {
      methods.add(PublicKeyLogin.factory(keys));
      server.setPublickeyAuthenticator(this::byKey);
    }
    if (password != null) {
      methods.add(UserAuthPasswordFactory.INSTANCE);
      server.setPasswordAuthenticator(this::byPassword);
    }
    server.setUserAuthFactories(methods);
  }

  // Everything is looked at before anything is refused: a wrong user takes as long as a wrong key.
  // This may wait for keys to be fetched, on the client's own lane. MINA's AsyncAuthException is no
  // way to do that: whom it admits later has not proved to own the key.
  private boolean byKey(String user, PublicKey key, ServerSession session) {
    Optional<Admission> admission = keys == null ? Optional.empty() : keys.find(key);
    boolean welcome = admission.isPresent() && user.equals(USER);
    if (welcome) {
      admission.orElseThrow().grant(session);
    }
    return welcome;
  }

  private boolean byPassword(String user, String given, ServerSession session) {
    boolean right = MessageDigest.isEqual(digest(given), password);
    boolean welcome = right && user.equals(USER);
    if (welcome) {
      // A key that was only asked about, and never proved, is not to narrow this login.
      new Admission(Permissions.ALL, "the password").grant(session);
    }
    return welcome;
  }

  /** All of one length, so that comparing tells nothing about the length of the password. */
  private static byte[] digest(String secret) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
