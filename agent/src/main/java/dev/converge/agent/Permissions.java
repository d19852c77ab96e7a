package dev.converge.agent;

import java.util.Map;
import java.util.Optional;
import org.apache.sshd.common.AttributeRepository.AttributeKey;
import org.apache.sshd.common.session.Session;
import org.jspecify.annotations.Nullable;

/**
 * What a client may do, as the options of its line in {@code authorized_keys} and the agent's rules
 * say.
 *
 * @param command what runs instead of whatever the client asks for
 */
record Permissions(
    boolean pty, boolean forwarding, boolean agentForwarding, @Nullable String command) {
  static final Permissions ALL = new Permissions(true, true, true, null);

  private static final AttributeKey<Permissions> KEY = new AttributeKey<>();

  /** None for options of which one is not understood: such a line lets nobody in. */
  static Optional<Permissions> ofOptions(Map<String, String> options) {
    Permissions permissions = ALL;
    for (Map.Entry<String, String> option : options.entrySet()) {
      Permissions narrowed = permissions.narrowed(option.getKey(), option.getValue());
      if (narrowed == null) {
        return Optional.empty();
      }
      permissions = narrowed;
    }
    return Optional.of(permissions);
  }

  private @Nullable Permissions narrowed(String option, String value) {
    return switch (option) {
      case "restrict" -> new Permissions(false, false, false, command);
      case "no-pty" -> new Permissions(false, forwarding, agentForwarding, command);
      case "no-port-forwarding" -> new Permissions(pty, false, agentForwarding, command);
      case "no-agent-forwarding" -> new Permissions(pty, forwarding, false, command);
      // Never done at all: no X11 forwarding, no ~/.ssh/rc.
      case "no-x11-forwarding", "no-user-rc" -> this;
      case "command" -> new Permissions(pty, forwarding, agentForwarding, value);
      default -> null;
    };
  }

  static Permissions of(Session session) {
    Permissions permissions = session.getAttribute(KEY);
    return Rules.of(session).narrow(permissions == null ? ALL : permissions);
  }

  void grant(Session session) {
    session.setAttribute(KEY, this);
  }
}
