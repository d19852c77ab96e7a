package dev.converge.tunnel;

import java.io.IOException;

/**
 * Bytes both ways, in order, until one side ends it. What carries them is the link's own affair: a
 * WebSocket, or several one after the other.
 */
public interface Link {
  /** Takes what a link received. */
  @FunctionalInterface
  interface Sink {
    /** Takes bytes, as slowly as it likes; they are valid until it returns. */
    void accept(byte[] bytes, int offset, int length);
  }

  /**
   * Waits for bytes and hands them to {@code sink}. Only one thread may receive.
   *
   * @return false if the link has ended instead; {@link #end} says why
   */
  boolean receive(Sink sink);

  /**
   * Sends bytes; returns when they are on their way, so a slow peer slows the caller down.
   *
   * @throws IOException if the link is closed or has ended
   */
  void send(byte[] bytes, int offset, int length) throws IOException;

  /**
   * Ends the link once all that was sent before is on its way. What the peer still sends can be
   * received until {@link #receive} returns false. Does nothing if the link is closed already.
   */
  void close(CloseReason reason);

  /** Ends the link at once, for good. Never blocks. */
  void abort();

  /**
   * Why the link ended.
   *
   * @throws IllegalStateException if it has not
   */
  CloseReason end();

  /** An end that was not a normal one, in a line for the user. */
  default String epitaph() {
    return "the session ended early: " + end();
  }
}
