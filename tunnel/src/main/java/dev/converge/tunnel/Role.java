package dev.converge.tunnel;

import java.util.Locale;

/** Which side of a session a connection to the relay is for. */
public enum Role {
  AGENT,
  CLIENT;

  /** The first segment of the request path: {@code agent} or {@code client}. */
  public String segment() {
    return name().toLowerCase(Locale.ROOT);
  }
}
