package dev.converge.tunnel;

import java.io.IOException;

/** The SSH server is not the one that the invitation pins; the message is meant for the user. */
public final class UntrustedServer extends IOException {
  private UntrustedServer(String line) {
    super(line);
  }

  static UntrustedServer with(HostKeyPin shown, HostKeyPin expected) {
    return new UntrustedServer(
        "the host key is "
            + shown
            + ", not the "
            + expected
            + " of the invitation: somebody between you and the agent answers in its place, or the"
            + " agent was started anew; nobody was logged in");
  }

  static UntrustedServer sending(String what, String expected) {
    return new UntrustedServer(
        "the host key of the invitation was not shown: "
            + what
            + " (expected: "
            + expected
            + "); somebody between you and the agent may answer in its place; nobody was logged"
            + " in");
  }
}
