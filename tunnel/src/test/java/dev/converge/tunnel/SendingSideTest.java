package dev.converge.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class SendingSideTest {
  @Test
  void directionThatHasArrivedKeepsNoMemoryButCanBeAskedAbout() throws ProtocolViolation {
    var side = new SendingSide(1 << 20, ReplayBudget.unlimited());
    side.write(new byte[1 << 20], 0, 1 << 20);
    byte[] kept = side.next().body();
    side.end(CloseReason.normal(""));
    while (side.next() != null) {
      // All of it, and the end.
    }
    assertThat(kept).hasSize(1 << 20);

    side.acknowledge((1 << 20) + 1);

    assertThat(side.memory()).isEqualTo(1);
    side.resume((1 << 20) + 1);
    assertThat(side.next()).isNull();
    assertThat(side.room()).isZero();
    assertThat(side.done()).isTrue();
  }
}
