package dev.converge.agent;

/** What the SSH side tells the agent's clock; called on I/O threads, so nothing here may block. */
interface SessionEvents {
  /** Bytes of input from any client reached a shell, a command, sftp or a forwarded connection. */
  void input();

  /** A client proved who it is. */
  void loggedIn(String client);

  /** A client that had logged in is gone; exactly once for each {@link #loggedIn}. */
  void left(String client);

  /** What an interactive shell shows first: lines that end with {@code \n}, or nothing. */
  String greeting();
}
