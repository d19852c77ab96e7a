package dev.converge.agent;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A process that a client started, on a terminal or on three pipes. */
interface Child {
  int pid();

  /** What is to be said on the screen before the first output; empty if nothing. */
  default String notice() {
    return "";
  }

  OutputPump.Source output();

  /** None where a terminal shows both. */
  OutputPump.@Nullable Source error();

  /**
   * Who gets the client's input.
   *
   * @param screen where what is typed appears, if the terminal is ours to play
   */
  InputPump.Sink input(Outlet screen);

  /** Completed when the process itself is gone, whoever still has its streams. */
  CompletableFuture<ExitStatus> exit();

  /** Completed when the process is gone or its client is. */
  CompletableFuture<Void> over();

  /** Signals the process and those that work for it; the number is Linux's. */
  void signal(int number);

  /** The client is gone: wakes all that wait for the streams, and hangs up on the processes. */
  void hangUp();

  void resize(Terminal.Size size);

  /** To be called once nobody uses the streams any more. */
  void release();
}
