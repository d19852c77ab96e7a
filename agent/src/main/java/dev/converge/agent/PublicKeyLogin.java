package dev.converge.agent;

import java.security.PublicKey;
import org.apache.sshd.common.config.keys.OpenSshCertificate;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.server.auth.pubkey.UserAuthPublicKey;
import org.apache.sshd.server.auth.pubkey.UserAuthPublicKeyFactory;
import org.apache.sshd.server.session.ServerSession;

/**
 * Login by public key (RFC 4252, section 7), in which the keyring judges a certificate before MINA
 * does: that would refuse some without a word, and the log is to say why.
 */
final class PublicKeyLogin extends UserAuthPublicKey {
  private final Keyring keys;

  private PublicKeyLogin(Keyring keys) {
    super(Algorithms.ofUsers());
    this.keys = keys;
  }

  static UserAuthPublicKeyFactory factory(Keyring keys) {
    return new UserAuthPublicKeyFactory() {
      @Override
      public UserAuthPublicKey createUserAuth(ServerSession session) {
        return new PublicKeyLogin(keys);
      }
    };
  }

  @Override
  public Boolean doAuth(Buffer request, boolean init) throws Exception {
    if (shown(request) instanceof OpenSshCertificate certificate
        && keys.find(certificate).isEmpty()) {
      Gate.countKey(getServerSession());
      return false;
    }
    return super.doAuth(request, init);
  }

  /** The key of a request, which is left as it was. */
  private static PublicKey shown(Buffer request) throws Exception {
    int start = request.rpos();
    int end = request.wpos();
    try {
      request.getBoolean();
      request.getString();
      return request.getPublicKey();
    } finally {
      request.rpos(start);
      request.wpos(end);
    }
  }
}
