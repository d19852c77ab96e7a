package dev.converge.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Iterator;

/** What a program says on standard error of the connections that it has lost and got again. */
final class Notices {
  private static final String LOST = ": connection lost \\([^()]*\\); reconnecting for up to 5 min";
  private static final String BACK = ": reconnected after \\d+ s";

  private Notices() {}

  /**
   * Checks that there is nothing else, and that each loss is told once, and its end; counts them.
   */
  static int count(String program, String err) {
    int count = 0;
    for (Iterator<String> lines = err.lines().iterator(); lines.hasNext(); count++) {
      assertThat(lines.next()).as(err).matches(program + LOST);
      assertThat(lines).as(err).hasNext();
      assertThat(lines.next()).as(err).matches(program + BACK);
    }
    return count;
  }
}
