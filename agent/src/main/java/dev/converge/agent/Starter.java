package dev.converge.agent;

import java.io.IOException;

/** One way to start processes. */
interface Starter {
  /**
   * Starts what is asked for.
   *
   * @throws IOException if the program cannot be started
   * @throws LinkageError if a library that this way needs does not load here
   */
  Child start(Launch launch) throws IOException;
}
