package dev.converge.tunnel;

import java.io.IOException;

/** The agent has no such stream any more, or not for us; the message is meant for the user. */
public final class StreamRefused extends IOException {
  StreamRefused(String why) {
    super(why);
  }
}
