package dev.converge.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class DescriptorTest {
  private static final int PIECE = 32 * 1024;

  @Test
  void whatOthersWriteBehindTheExitIsNotReadForever() throws Exception {
    int[] ends = new int[2];
    Descriptor.check(LibC.INSTANCE.pipe2(ends, LibC.O_CLOEXEC), "pipe2");
    var wake = new Wake();
    var ours = new Descriptor(ends[0], wake);
    var theirs = new Descriptor(ends[1], new Wake());
    wake.exit();
    int sum = 0;
    int count;
    do {
      theirs.write(ByteBuffer.allocateDirect(PIECE));
      count = ours.readNow(ByteBuffer.allocateDirect(PIECE));
      sum += Math.max(0, count);
    } while (count > 0 && sum < 100 * PIECE);
    assertThat(sum).isEqualTo(16 * PIECE);
    ours.close();
    theirs.close();
    wake.close();
    theirs.wake.close();
  }
}
