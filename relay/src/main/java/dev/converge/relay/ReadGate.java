package dev.converge.relay;

import io.netty.channel.Channel;

/**
 * Lets one side of a bridge be read only while the other can be written to, and while its rate is
 * not used up. From any thread.
 */
final class ReadGate {
  private final Channel reader;
  private final Channel writer;
  private volatile boolean paused;

  ReadGate(Channel reader, Channel writer) {
    this.reader = reader;
    this.writer = writer;
  }

  /** Looks again after it has stopped: the writer may have become writable in between. */
  void update() {
    read(isOpen());
    if (isOpen()) {
      read(true);
    }
  }

  private void read(boolean on) {
    if (reader.config().isAutoRead() != on) {
      reader.config().setAutoRead(on);
    }
  }

  /** One whose writer is gone is read to its end. */
  private boolean isOpen() {
    return !paused && (writer.isWritable() || !writer.isActive());
  }

  /** Stops the reading whatever the writer takes, or no longer does. */
  void pause(boolean pause) {
    paused = pause;
    update();
  }
}
