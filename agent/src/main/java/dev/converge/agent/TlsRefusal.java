package dev.converge.agent;

import java.io.IOException;
import javax.net.ssl.SSLException;

/** The relay, or a proxy, does not take the agent's certificate, or wants one. */
final class TlsRefusal extends IOException {
  private static final long serialVersionUID = 1;

  TlsRefusal(String message, Throwable cause) {
    super(message, cause);
  }

  /** Whether the other side said so itself; else the connection may just have broken. */
  boolean isLasting() {
    return getCause() != null && Reasons.root(getCause()) instanceof SSLException;
  }
}
