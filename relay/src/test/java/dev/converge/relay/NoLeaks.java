package dev.converge.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test class that lost a buffer. It loses one itself at the end, and waits until that is
 * found: by then all others are, too.
 */
final class NoLeaks implements BeforeAllCallback, AfterAllCallback {
  private final Queue<String> leaks = new ConcurrentLinkedQueue<>();

  /** Not the same for two test classes: leaks that look alike are reported once. */
  private String bait = "";

  @Override
  public void beforeAll(ExtensionContext context) {
    bait = "lost on purpose by the leak check of " + context.getRequiredTestClass();
    assertThat(ResourceLeakDetector.getLevel()).isEqualTo(ResourceLeakDetector.Level.PARANOID);
    ByteBufUtil.setLeakListener((type, records) -> leaks.add(records));
  }

  @Override
  public void afterAll(ExtensionContext context) {
    loseBait();
    await()
        .atMost(Duration.ofSeconds(20))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(10))
        .until(this::findsBait);
    ByteBufUtil.setLeakListener(null);
    assertThat(leaks).filteredOn(records -> !records.contains(bait)).isEmpty();
  }

  @SuppressWarnings("CheckReturnValue")
  private void loseBait() {
    UnpooledByteBufAllocator.DEFAULT.directBuffer(1).touch(bait);
  }

  private boolean findsBait() {
    System.gc();
    UnpooledByteBufAllocator.DEFAULT.directBuffer(1).release();
    return leaks.stream().anyMatch(records -> records.contains(bait));
  }
}
