package dev.converge.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;

/** A shell in a real {@code ssh -tt} that counts: what is lost, doubled or out of order shows. */
final class Counter implements AutoCloseable {
  private static final Pattern NUMBER = Pattern.compile("^n(\\d+)$", Pattern.MULTILINE);
  private static final int STATUS = 7;

  private final Child ssh;

  private Counter(Child ssh) {
    this.ssh = ssh;
  }

  /** Logs in and counts ten a second until a line is typed; returns when it does. */
  static Counter start(OpenSsh by) {
    var counter = new Counter(by.ssh("-tt"));
    counter.ssh.type(
        // A read that times out in the middle of a line has that much of it.
        "stty -echo; i=0; word=; while ! read -rt 0.1 part; do word=$word$part; echo n$((i++));"
            + " done; echo \"got $word$part\"; exit "
            + STATUS
            + "\n");
    counter.ssh.awaitOut("^n3$");
    return counter;
  }

  /** The ssh and what it has started. */
  Child ssh() {
    return ssh;
  }

  private List<Integer> numbers() {
    return NUMBER
        .matcher(ssh.out())
        .results()
        .map(number -> Integer.valueOf(number.group(1)))
        .toList();
  }

  /** Waits until more numbers come. */
  Counter goesOn(Duration limit) {
    int now = numbers().size();
    Awaitility.await("more numbers").atMost(limit).until(() -> numbers().size() > now + 5);
    return this;
  }

  /** Ends it by a line, to which it answers; every number must have come once and in order. */
  void endsWhole() {
    assertThat(ssh.type("the word\n").exit()).as("%s", ssh).isEqualTo(STATUS);
    MatchResult counted = ssh.awaitOut("^n0$(?s:.*)^got the word$");
    int last = numbers().size() - 1;
    StringBuilder expected = new StringBuilder();
    IntStream.rangeClosed(0, last).forEach(i -> expected.append("n").append(i).append("\r\n"));
    assertThat(counted.group()).isEqualTo(expected + "got the word");
  }

  @Override
  public void close() {
    ssh.close();
  }
}
