package dev.converge.agent;

import java.security.PublicKey;
import org.apache.sshd.common.AttributeRepository.AttributeKey;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.digest.BuiltinDigests;
import org.apache.sshd.common.session.Session;
import org.jspecify.annotations.Nullable;

/**
 * How somebody gets in.
 *
 * @param with what they showed, for the log
 */
record Admission(Permissions permissions, String with) {
  private static final AttributeKey<String> WITH = new AttributeKey<>();

  static Admission byKey(PublicKey key, String source, Permissions permissions) {
    return new Admission(permissions, "key " + fingerprint(key) + " of " + source);
  }

  static String fingerprint(PublicKey key) {
    return KeyUtils.getFingerPrint(BuiltinDigests.sha256, key);
  }

  /** The last call counts: a key may be asked about, and another one proved. */
  void grant(Session session) {
    session.setAttribute(WITH, with);
    permissions.grant(session);
  }

  /** What the client of a session has logged in with. */
  static @Nullable String with(Session session) {
    return session.getAttribute(WITH);
  }
}
