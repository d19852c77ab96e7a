package dev.converge.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class ProcFilesTest {
  @Test
  void cpuTimeIsThatOfUserAndSystemWhateverTheProgramIsCalled() {
    String stat =
        "4711 (a) b (c) S 1 4711 4711 0 -1 4194304 8 9 0 0 150 25 1000 2000 20 0 12 0 99 1 2";
    assertThat(ProcFiles.parseCpuSeconds(stat)).isEqualTo(1.75);
  }

  @Test
  void residentMemoryIsNotWhatIsSharedOut() {
    List<String> rollup =
        List.of("5583-7ffe ---p 00000000 00:00 0 [rollup]", "Rss:  5120 kB", "Pss:  1024 kB");
    assertThat(ProcFiles.parseResidentKib(rollup)).isEqualTo(5120);
  }

  @Test
  void onlyAListeningSocketIsOneThatListens() {
    List<String> table =
        List.of(
            "  sl  local_address rem_address   st tx_queue",
            "   0: 0100007F:12A6 00000000:0000 0A 00000000:00000000",
            "   1: 0100007F:0016 0100007F:12A7 01 00000000:00000000");
    assertThat(ProcFiles.listens(table, 4774)).isTrue();
    assertThat(ProcFiles.listens(table, 22)).isFalse();
    assertThat(ProcFiles.listens(table, 4775)).isFalse();
  }
}
