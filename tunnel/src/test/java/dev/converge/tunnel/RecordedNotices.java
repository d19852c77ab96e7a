package dev.converge.tunnel;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** What the user would have been told. */
public final class RecordedNotices implements Notices {
  private final Queue<String> lines = new ConcurrentLinkedQueue<>();

  @Override
  public void notice(String line) {
    lines.add(line);
  }

  @Override
  public void warning(String line) {
    lines.add("warning: " + line);
  }

  public Queue<String> lines() {
    return lines;
  }
}
