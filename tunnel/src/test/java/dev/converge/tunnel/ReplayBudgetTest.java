package dev.converge.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ReplayBudgetTest {
  private static final int OWN = ReplayBudget.OWN;
  private static final int BOUND = 8 * OWN;

  private final ReplayBudget budget = new ReplayBudget(3 * OWN);
  private final ReplayBuffer first = new ReplayBuffer(BOUND, budget);
  private final ReplayBuffer second = new ReplayBuffer(BOUND, budget);

  @BeforeEach
  void firstTakesItAll() {
    assertThat(fill(first)).isEqualTo(4 * OWN);
  }

  private static int fill(ReplayBuffer buffer) {
    byte[] piece = new byte[OWN / 4];
    int sum = 0;
    for (int taken = 1; taken > 0; sum += taken) {
      taken = buffer.write(piece, 0, piece.length);
    }
    return sum;
  }

  @Test
  void bufferHasItsOwnWhateverOthersHold() {
    assertThat(fill(second)).isEqualTo(OWN);
    assertThat(second.room()).isZero();
    second.release(OWN / 2);
    assertThat(second.room()).isEqualTo(OWN / 2);
    assertThat(fill(second)).isEqualTo(OWN / 2);
  }

  @Test
  void whatIsEmptyGivesBackWhenThereIsLittleLeft() {
    first.release(first.end());

    assertThat(first.array()).hasSizeLessThan(OWN);
    assertThat(second.room()).isEqualTo(BOUND);
    assertThat(fill(second)).isEqualTo(4 * OWN);
  }

  @Test
  void whatIsInUseIsKept() {
    first.release(first.end() - 1);

    assertThat(first.array()).hasSize(4 * OWN);
  }

  @Test
  void memoryIsKeptWhileThereIsPlenty() {
    var alone = new ReplayBuffer(2 * OWN, new ReplayBudget(100L * OWN));
    fill(alone);
    alone.release(alone.end());

    assertThat(alone.array()).hasSize(2 * OWN);
  }

  @Test
  void streamThatIsAbandonedGivesBack() throws ProtocolViolation {
    var shared = new ReplayBudget(OWN);
    ResumableStream left = stream(shared, 1);
    assertThat(write(left)).isEqualTo(2 * OWN);
    left.pathOpened(Hello.of(Hello.Kind.OPEN, left.id(), 1, 0), 0);
    while (left.poll(0) != null) {
      // None of it is acknowledged.
    }
    ResumableStream other = stream(shared, 2);
    assertThat(write(other)).isEqualTo(OWN);

    left.abandon();

    assertThat(write(other)).isEqualTo(OWN);
    assertThat(write(left)).isZero();
    assertThat(left.poll(0)).isNull();
  }

  private static ResumableStream stream(ReplayBudget budget, int id) {
    return ResumableStream.agent(new StreamId(1, id), StreamLimits.DEFAULT, budget);
  }

  private static int write(ResumableStream stream) {
    return stream.write(new byte[OWN], 0, OWN) + stream.write(new byte[OWN], 0, OWN);
  }
}
