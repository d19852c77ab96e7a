package dev.converge.agent;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class SftpFilesTest {
  @Test
  void noMoreRoomIsMadeForAReadThanThereIsToRead() {
    assertThat(SftpFiles.worthReading(261_120, 0, 4096)).isEqualTo(4096);
    assertThat(SftpFiles.worthReading(261_120, 4000, 4096)).isEqualTo(96);
    assertThat(SftpFiles.worthReading(100, 0, 4096)).isEqualTo(100);
    assertThat(SftpFiles.worthReading(261_120, 4096, 4096)).isBetween(1, 32 * 1024);
    assertThat(SftpFiles.worthReading(261_120, -1, 1L << 40)).isBetween(1, 32 * 1024);
    assertThat(SftpFiles.worthReading(-1, 0, 4096)).isNegative();
  }
}
