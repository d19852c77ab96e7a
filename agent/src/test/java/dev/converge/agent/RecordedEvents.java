package dev.converge.agent;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A clock that only listens. */
final class RecordedEvents implements SessionEvents {
  final List<String> clients = new CopyOnWriteArrayList<>();
  final AtomicInteger inputs = new AtomicInteger();

  @Override
  public void input() {
    inputs.incrementAndGet();
  }

  @Override
  public void loggedIn(String client) {
    clients.add("in " + client);
  }

  @Override
  public void left(String client) {
    clients.add("left " + client);
  }

  @Override
  public String greeting() {
    return "You have 10 minutes.\nTouch .hold for more.\n";
  }
}
