package dev.converge.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** {@code $agentdir/.hold}: while it exists the session outlives its clients. */
record HoldFile(Path path) {
  static HoldFile in(Path agentdir) {
    return new HoldFile(agentdir.resolve(".hold"));
  }

  /** When it was last touched; none if it does not exist. */
  @Nullable Instant modified() {
    try {
      return Files.getLastModifiedTime(path).toInstant();
    } catch (IOException e) {
      return null;
    }
  }
}
