package dev.converge.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HeapInfoTest {
  private static final String PARALLEL =
      """
      4711:
       PSYoungGen      total 76288K, used 12K [0x1, 0x2, 0x3)
        eden space 65536K, 1% used [0x1,0x2,0x3)
       ParOldGen       total 175104K, used 1500K [0x1, 0x2, 0x3)
        object space 175104K, 0% used [0x1,0x2,0x3)
       Metaspace       used 5000K, committed 5120K, reserved 1056768K
        class space    used 500K, committed 512K, reserved 1048576K
      """;
  private static final String G1 =
      """
      4711:
       garbage-first heap   total 262144K, used 1512K [0x1, 0x2)
        region size 1024K, 1 young (1024K), 0 survivors (0K)
       Metaspace       used 5000K, committed 5120K, reserved 1056768K
      """;

  @ParameterizedTest
  @ValueSource(strings = {PARALLEL, G1})
  void everyGenerationCountsAndMetaspaceDoesNot(String info) {
    assertThat(HeapInfo.parseUsedKib(info)).isEqualTo(1512);
  }

  @Test
  void whatTellsOfNoHeapIsRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> HeapInfo.parseUsedKib("4711:\n"));
  }
}
