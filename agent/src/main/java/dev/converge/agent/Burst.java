package dev.converge.agent;

import java.util.ArrayDeque;
import java.util.Queue;

/**
 * What an SSH session has said since the event loop last looked: it takes everything at once, and
 * flushes once. Who gives something waits for nobody.
 */
final class Burst {
  private final Home home;
  private final Runnable look;
  private Queue<Piece> pieces = new ArrayDeque<>();

  /**
   * @param look runs at home, always by way of its queue, and has to {@link #take}
   */
  Burst(Home home, Runnable look) {
    this.home = home;
    this.look = look;
  }

  /**
   * Also who is not the first may rely on it that the loop looks before it does what is asked of it
   * afterwards, such as to close: so the first must not be overtaken between adding and asking.
   */
  synchronized void add(Piece piece) {
    pieces.add(piece);
    if (pieces.size() == 1) {
      home.later(look);
    }
  }

  synchronized Queue<Piece> take() {
    Queue<Piece> taken = pieces;
    pieces = new ArrayDeque<>();
    return taken;
  }
}
