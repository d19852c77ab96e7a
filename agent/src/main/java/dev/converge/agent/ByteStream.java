package dev.converge.agent;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What carries the bytes of one SSH session to and from its client, in order. The session knows
 * nothing of what is below; that may change from one connection to the next.
 */
interface ByteStream {
  /** Where its state lives, from the first connection to the last. */
  Home home();

  /**
   * Sends bytes, after all that were given before; from any thread, without blocking.
   *
   * @param done told once they are out, with what went wrong or nothing
   */
  void send(byte[] bytes, int offset, int length, Consumer<@Nullable Throwable> done);

  /** Whether more input is wanted; on at first. */
  void reading(boolean on);

  /** Ends the stream, once what was sent is out or at once. */
  void close(boolean immediately);

  /** Whether it finds out by itself that nobody is at the other end any more. */
  default boolean noticesLoss() {
    return false;
  }
}
