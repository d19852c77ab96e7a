package dev.converge.relay;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOutboundBuffer;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Ends a connection whose peer takes nothing of its answer any more. */
final class StalledAnswer implements Runnable {
  private static final int LOOK_SECONDS = 15;
  private static final int LOOKS = 4;

  private final Channel channel;
  private @Nullable Object part;
  private long progress;
  private int unchanged;

  private StalledAnswer(Channel channel) {
    this.channel = channel;
  }

  /** Watches an answer until the peer has it; most have it at once. */
  static void watch(ChannelFuture answer) {
    if (!answer.isDone()) {
      var looks =
          answer
              .channel()
              .eventLoop()
              .scheduleWithFixedDelay(
                  new StalledAnswer(answer.channel()),
                  LOOK_SECONDS,
                  LOOK_SECONDS,
                  TimeUnit.SECONDS);
      answer.addListener(sent -> looks.cancel(false));
    }
  }

  @Override
  public void run() {
    ChannelOutboundBuffer out = channel.unsafe().outboundBuffer();
    Object nowPart = out == null ? null : out.current();
    long nowProgress = out == null ? 0 : out.currentProgress();
    boolean same = nowPart == part && nowProgress == progress;
    unchanged = same ? unchanged + 1 : 0;
    part = nowPart;
    progress = nowProgress;
    if (unchanged == LOOKS) {
      channel.close();
    }
  }
}
