package dev.converge.relay;

import io.netty.channel.Channel;
import io.netty.handler.codec.DecoderException;
import java.io.IOException;
import org.slf4j.Logger;

/** The one place that tells an expected end of a connection from a fault of the relay. */
final class Disconnects {
  private Disconnects() {}

  /** Logs at debug what peers and networks do, and everything else as an error. */
  static void log(Logger log, Channel channel, Throwable cause) {
    if (cause instanceof IOException || cause instanceof DecoderException) {
      if (log.isDebugEnabled()) {
        log.debug("{}: {}", Addresses.text(channel), cause.toString());
      }
    } else {
      log.error("{}: connection failed", Addresses.text(channel), cause);
    }
  }
}
