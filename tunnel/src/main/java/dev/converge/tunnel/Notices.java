package dev.converge.tunnel;

/** What the user is told while a session goes on; each a line without its end. May block. */
public interface Notices {
  /** The connection was lost, or is there again. */
  void notice(String line);

  /** Something is not as good as it could be. */
  void warning(String line);
}
