package dev.converge.relay;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What they are told who were refused. */
final class Refusals {
  private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);
  private static final int RETRY_AFTER_SECONDS = 1;

  private Refusals() {}

  /** The answer behind which the connection ends. */
  static Answer answer(RefusedException refused) {
    String line = String.valueOf(refused.getMessage());
    return switch (refused.refusal().scope()) {
      case ID -> Answer.line(HttpResponseStatus.CONFLICT, line).endConnection();
      case ONE ->
          Answer.line(HttpResponseStatus.TOO_MANY_REQUESTS, line)
              .with(HttpHeaderNames.RETRY_AFTER, RETRY_AFTER_SECONDS)
              .endConnection();
      case ALL -> Answer.busy(line);
    };
  }

  /** At debug, as whoever is refused may come often. */
  static void log(Channel channel, RefusedException refused) {
    LOG.debug("{}: refused: {}", Addresses.text(channel), refused.getMessage());
  }
}
