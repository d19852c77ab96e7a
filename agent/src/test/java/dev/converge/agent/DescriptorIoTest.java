package dev.converge.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.FileDescriptor;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.IntFunction;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class DescriptorIoTest {
  private static final LibC C = LibC.INSTANCE;
  private static final int MORE_THAN_A_PIPE_HOLDS = 1 << 20;

  private final int[] pipe = new int[2];

  static {
    Epoll.ensureAvailability();
  }

  static Iterable<Named<IntFunction<DescriptorIo>>> kinds() {
    return List.of(
        Named.of("JNA", DescriptorIo.ByJna::new),
        Named.of("Netty", number -> new DescriptorIo.ByNetty(new FileDescriptor(number))));
  }

  @BeforeEach
  void open() throws Exception {
    Descriptor.check(C.pipe2(pipe, LibC.O_CLOEXEC | LibC.O_NONBLOCK), "pipe2");
  }

  private void close(int end) {
    C.close(pipe[end]);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void bytesGoFromPositionToPosition(IntFunction<DescriptorIo> kind) {
    ByteBuffer out = ByteBuffer.allocateDirect(8).putInt(0, 1).putInt(4, 2).position(4);
    assertThat(kind.apply(pipe[1]).write(out)).isEqualTo(4);
    assertThat(out.hasRemaining()).isFalse();
    ByteBuffer in = ByteBuffer.allocateDirect(16).position(8);
    assertThat(kind.apply(pipe[0]).read(in)).isEqualTo(4);
    assertThat(in.position()).isEqualTo(12);
    assertThat(in.getInt(8)).isEqualTo(2);
    close(0);
    close(1);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void readingTellsNothingNowFromNothingEver(IntFunction<DescriptorIo> kind) {
    DescriptorIo reading = kind.apply(pipe[0]);
    ByteBuffer in = ByteBuffer.allocateDirect(8);
    assertThat(reading.read(in)).isZero();
    close(1);
    assertThat(reading.read(in)).isEqualTo(-1);
    assertThat(in.position()).isZero();
    close(0);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void writingTellsAFullPipeFromOneThatNobodyReads(IntFunction<DescriptorIo> kind) {
    DescriptorIo writing = kind.apply(pipe[1]);
    ByteBuffer out = ByteBuffer.allocateDirect(MORE_THAN_A_PIPE_HOLDS);
    assertThat(writing.write(out)).isPositive();
    assertThat(writing.write(out)).isZero();
    close(0);
    assertThat(writing.write(out)).isEqualTo(-1);
    close(1);
  }
}
