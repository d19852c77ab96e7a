package dev.converge.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.converge.relay.FirstUses.Mark;
import dev.converge.relay.TokenRefusal.Kind;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class FirstUsesTest {
  private long nanos = Long.MAX_VALUE - 5; // wraps on the way, as System.nanoTime may
  private final FirstUses uses = new FirstUses(3, () -> nanos);

  @Test
  void memoryIsBoundedAndNobodyIsForgottenForIt() throws TokenRefusal {
    uses.use(new Mark(1, 0));
    uses.use(new Mark(2, 0));
    uses.use(new Mark(2, 1));
    assertThatExceptionOfType(TokenRefusal.class)
        .isThrownBy(() -> uses.use(new Mark(3, 0)))
        .matches(refusal -> refusal.kind() == Kind.TOO_MANY);
    uses.use(new Mark(1, 0));
    assertThat(uses.size()).isEqualTo(3);
  }

  @Test
  void tokenIsForgottenWhenItCouldNotBeValidAnyMore() throws TokenRefusal {
    uses.use(new Mark(1, 0));
    nanos += Duration.ofSeconds(100).toNanos();
    uses.use(new Mark(2, 0));
    nanos += Duration.ofSeconds(51).toNanos();
    uses.use(new Mark(3, 0));
    assertThat(uses.size()).isEqualTo(3);
    nanos += 1;
    uses.use(new Mark(3, 0));
    assertThat(uses.size()).isEqualTo(2);
  }

  @Test
  void laterUseDoesNotProlongTheTime() throws TokenRefusal {
    uses.use(new Mark(1, 0));
    nanos += Duration.ofSeconds(20).toNanos();
    uses.use(new Mark(1, 0));
    nanos += Duration.ofSeconds(10).toNanos();
    assertThatExceptionOfType(TokenRefusal.class).isThrownBy(() -> uses.use(new Mark(1, 0)));
  }
}
