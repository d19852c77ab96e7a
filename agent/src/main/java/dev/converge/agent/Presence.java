package dev.converge.agent;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Who is logged in, and since when those who count are gone. */
final class Presence {
  private final ExitOn exitOn;
  private int clients;
  private @Nullable Duration gone;

  Presence(ExitOn exitOn) {
    this.exitOn = exitOn;
  }

  synchronized void loggedIn() {
    clients++;
    if (exitOn == ExitOn.LAST_EXIT) {
      gone = null;
    }
  }

  synchronized void left(Duration now) {
    clients--;
    if (exitOn == ExitOn.FIRST_EXIT ? gone == null : clients == 0) {
      gone = now;
    }
  }

  /** When the client left whose leaving ends the session; none if that is yet to come. */
  synchronized @Nullable Duration gone() {
    return gone;
  }
}
