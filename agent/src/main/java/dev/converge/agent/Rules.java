package dev.converge.agent;

import org.apache.sshd.common.AttributeRepository.AttributeKey;
import org.apache.sshd.common.session.Session;
import org.jspecify.annotations.Nullable;

/**
 * What holds for all clients of the agent, whoever they are and whatever their keys allow.
 *
 * @param readOnly whether they may look, but change nothing
 * @param command what runs instead of whatever they ask for; a key's own command gives way to it
 * @param limits of the login
 */
record Rules(boolean readOnly, @Nullable String command, LoginLimits limits) {
  static final Rules USUAL = new Rules(false, null, LoginLimits.USUAL);

  private static final AttributeKey<Rules> KEY = new AttributeKey<>();

  Rules {
    if (command != null && command.isBlank()) {
      throw new IllegalArgumentException("force command: empty (expected: a command)");
    }
  }

  /** To be called before anything is asked of a session. */
  void impose(Session session) {
    session.setAttribute(KEY, this);
  }

  static Rules of(Session session) {
    Rules rules = session.getAttribute(KEY);
    return rules == null ? USUAL : rules;
  }

  /** What is left of a client's permissions: a forwarded socket would lead around both rules. */
  Permissions narrow(Permissions own) {
    boolean free = !readOnly && command == null;
    return new Permissions(
        own.pty(),
        own.forwarding() && free,
        own.agentForwarding() && free,
        command == null ? own.command() : command);
  }
}
