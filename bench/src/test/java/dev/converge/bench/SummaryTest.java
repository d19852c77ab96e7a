package dev.converge.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class SummaryTest {
  private static Summary summary(String unit, Goal goal) {
    return new Summary(
        new Row("figure", "what", unit, "nginx", goal),
        Map.of(Row.OURS, List.of(2.0, 3.0), "nginx", List.of(4.0, 6.0), "socat", List.of(1.0)));
  }

  @Test
  void aRatioIsComparedWithItsGoal() {
    assertThat(summary("GB/s", Goal.ratioAtLeast(0.5)).verdict()).isEqualTo("met");
    assertThat(summary("GB/s", Goal.ratioAtLeast(0.6)).verdict()).isEqualTo("missed");
    assertThat(summary("us", Goal.ratioAtMost(0.5)).verdict()).isEqualTo("met");
    assertThat(summary("us", Goal.ratioAtMost(0.4)).verdict()).isEqualTo("missed");
  }

  @Test
  void aValueOrADifferenceIsComparedInItsUnit() {
    assertThat(summary("KiB", Goal.valueAtMost(2.5)).verdict()).isEqualTo("met");
    assertThat(summary("KiB", Goal.valueAtMost(2.4)).verdict()).isEqualTo("missed");
    Summary later = summary("ms", Goal.differenceAtMost(-2.5));
    assertThat(later.verdict()).isEqualTo("met");
    assertThat(later.comparison()).isEqualTo("-2.50 ms");
  }

  @Test
  void aLineNamesTheReferenceAndTheOthers() {
    Summary line = summary("GB/s", Goal.NONE);
    assertThat(line.ours()).isEqualTo("2.50 GB/s");
    assertThat(line.reference()).isEqualTo("nginx 5.00 GB/s");
    assertThat(line.others()).isEqualTo("socat 1.00 GB/s");
    assertThat(line.comparison()).isEqualTo("0.50");
    assertThat(line.verdict()).isEmpty();
  }

  @Test
  void whatHasNoReferenceHasNoRatio() {
    Row row = Row.info("figure", "what", "GB/s", "");
    Summary alone = new Summary(row, Map.of("websockify", List.of(0.25)));
    assertThat(alone.comparison()).isEmpty();
    assertThat(TextTable.plain(List.of(alone))).contains("websockify 0.25 GB/s");
  }
}
