package dev.converge.agent;

import dev.converge.tunnel.Text;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;

/** The relay, or something in its place, answered, but not with an open WebSocket. */
final class Refusal extends IOException {
  private static final long serialVersionUID = 1;

  /** Refusals below 500 that another attempt may overcome. */
  private static final Set<Integer> PASSING = Set.of(408, 425, 429);

  private static final int LONGEST_RETRY_AFTER = 3600;

  private final int status;
  private final Duration retryAfter;

  private Refusal(String message, int status, Duration retryAfter) {
    super(message);
    this.status = status;
    this.retryAfter = retryAfter;
  }

  /**
   * The refusal that a response says.
   *
   * @param body the start of it
   */
  static Refusal of(HttpResponse response, String body) {
    int status = response.status().code();
    return new Refusal(
        line(response, body),
        status,
        Duration.ofSeconds(seconds(response.headers().get(HttpHeaderNames.RETRY_AFTER, ""))));
  }

  private static String line(HttpResponse response, String body) {
    String type = response.headers().get(HttpHeaderNames.CONTENT_TYPE, "");
    String first = body.strip().lines().findFirst().orElse("");
    String status = "HTTP " + Text.excerpt(response.status().toString());
    if (response.status().code() == 101) {
      return "the answer was " + status + " without a proper WebSocket handshake";
    }
    if (type.startsWith("text/plain") && !first.isBlank()) {
      return Text.printable(first.strip()) + " (" + status + ")";
    }
    String location = response.headers().get(HttpHeaderNames.LOCATION, "");
    return "the answer was "
        + status
        + (location.isEmpty() ? "" : " to " + Text.excerpt(location))
        + ", which no relay says";
  }

  private static int seconds(String retryAfter) {
    return retryAfter.matches("\\d{1,9}")
        ? Math.min(Integer.parseInt(retryAfter), LONGEST_RETRY_AFTER)
        : 0;
  }

  /** Whether asking again would be answered in the same way. */
  boolean isLasting() {
    return status < 500 && !PASSING.contains(status);
  }

  /** How long the relay wants to be left alone. */
  Duration retryAfter() {
    return retryAfter;
  }
}
