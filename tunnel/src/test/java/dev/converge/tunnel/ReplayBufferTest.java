package dev.converge.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class ReplayBufferTest {
  private static final int BOUND = 100_000;

  private final ReplayBuffer buffer = new ReplayBuffer(BOUND, ReplayBudget.unlimited());

  @Test
  void bytesStayInPlaceInTheStreamWhileTheRingGrowsAndTurns() {
    var random = new SplittableRandom(1);
    long start = 0;
    for (int i = 0; i < 2_000; i++) {
      write(random.nextInt(0, Math.min(buffer.room(), 1 + i * 10) + 1));
      check(start);
      start += random.nextLong(buffer.end() - start + 1);
      buffer.release(start);
    }
    assertThat(buffer.end()).isGreaterThan(10L * BOUND);
  }

  private void write(int length) {
    byte[] bytes = new byte[length + 1];
    for (int i = 0; i < length; i++) {
      bytes[i + 1] = at(buffer.end() + i);
    }
    buffer.write(bytes, 1, length);
  }

  private void check(long start) {
    for (long at = start; at < buffer.end(); ) {
      int length = buffer.contiguous(at, 5000);
      assertThat(length).isBetween(1, 5000);
      for (int i = 0; i < length; i += 97) {
        if (buffer.array()[buffer.index(at) + i] != at(at + i)) {
          throw new AssertionError("another byte at " + (at + i));
        }
      }
      at += length;
    }
  }

  private static byte at(long position) {
    return (byte) (position * 31 + (position >> 8) * 17);
  }

  @Test
  void memoryIsTakenOnlyWhenNeededAndNeverBeyondTheBound() {
    assertThat(buffer.array().length).isLessThan(2000);
    write(BOUND - 1);
    assertThat(buffer.room()).isEqualTo(1);
    assertThat(buffer.array()).hasSizeLessThanOrEqualTo(BOUND);
    assertThat(buffer.write(new byte[2], 0, 2)).isEqualTo(1);
    assertThat(buffer.write(new byte[2], 0, 2)).isZero();
  }

  @Test
  void whoHoldsAPieceKeepsItWhileTheRingGrows() {
    write(10);
    byte[] held = buffer.array();
    write(BOUND - 10);
    assertThat(held[9]).isEqualTo(at(9));
    assertThat(buffer.array()).isNotSameAs(held);
  }
}
