package dev.converge.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class StatisticsTest {
  @Test
  void medianIsTheValueInTheMiddleOrBetweenTheTwoThere() {
    assertThat(Statistics.median(List.of(9.0, 1.0, 2.0))).isEqualTo(2);
    assertThat(Statistics.median(List.of(9.0, 1.0, 2.0, 4.0))).isEqualTo(3);
    assertThatIllegalArgumentException().isThrownBy(() -> Statistics.median(List.of()));
  }

  @Test
  void ratiosAreTakenWithinRoundsSoThatASlowRoundDoesNotCount() {
    List<Double> ours = List.of(10.0, 1.0, 20.0);
    List<Double> reference = List.of(20.0, 2.0, 40.0);
    assertThat(Statistics.medianOfRatios(ours, reference)).isEqualTo(0.5);
    assertThat(Statistics.medianOfDifferences(ours, reference)).isEqualTo(-10);
  }

  @Test
  void roundsThatOnlyOneOfThemHasAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Statistics.medianOfRatios(List.of(1.0), List.of(1.0, 2.0)));
  }

  @Test
  void percentilesAreTimesThatWereMeasured() {
    long[] times = LongStream.rangeClosed(1, 100).map(i -> 101 - i).toArray();
    assertThat(Statistics.percentile(times, 0.5)).isEqualTo(50);
    assertThat(Statistics.percentile(times, 0.99)).isEqualTo(99);
    assertThat(Statistics.percentile(times, 1)).isEqualTo(100);
    assertThat(Statistics.percentile(new long[] {3, 1, 2}, 0.5)).isEqualTo(2);
    assertThat(Statistics.percentile(new long[] {7}, 0.01)).isEqualTo(7);
  }
}
