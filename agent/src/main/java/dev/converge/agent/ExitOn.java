package dev.converge.agent;

import java.util.Locale;

/** Whose leaving ends the session. */
enum ExitOn {
  /** The first client that leaves, whoever else is there. */
  FIRST_EXIT,

  /** The last client that leaves. */
  LAST_EXIT;

  /** The name as it stands on the command line. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
