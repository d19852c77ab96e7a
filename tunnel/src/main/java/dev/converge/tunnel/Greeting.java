package dev.converge.tunnel;

import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Takes the peer's answer on a new path. What arrives behind it is left in the stream, for the
 * thread that receives.
 */
final class Greeting implements Link.Sink {
  private static final String NOT_SPOKEN =
      "the agent does not speak this version of resumable streams;"
          + " a lost connection will end the session";

  private final LinkState state;
  private final WebSocketConnection path;
  private final Notices notices;
  private @Nullable StreamEvent answer;
  private boolean failed;

  Greeting(LinkState state, WebSocketConnection path, Notices notices) {
    this.state = state;
    this.path = path;
    this.notices = notices;
  }

  /** Whether there is nothing more to wait for, for better or for worse. */
  boolean isOver() {
    return answer != null || failed;
  }

  @Override
  public void accept(byte[] bytes, int offset, int length) {
    byte[] kept = Arrays.copyOfRange(bytes, offset, offset + length); // the stream goes on with it
    try {
      answer = next(kept);
    } catch (StreamRefused e) {
      fail(CloseReason.lost("refused"), refusal(e), CloseReason.normal(""));
    } catch (ProtocolViolation e) {
      fail(e.reason(), "", e.reason());
    } catch (IOException e) {
      throw new IllegalStateException(e); // a stream throws no others
    }
  }

  private @Nullable StreamEvent next(byte[] bytes) throws IOException {
    synchronized (state) {
      state.stream.receive(bytes, 0, bytes.length, System.nanoTime());
      return state.stream.next();
    }
  }

  /** Lets everyone know; when nobody reads here any more, as the receiving thread does then. */
  void conclude() {
    if (answer instanceof StreamEvent.Plain rest) {
      notices.warning(NOT_SPOKEN);
      goOnPlainly(rest);
    } else if (answer != null) {
      state.answered();
    }
  }

  private void goOnPlainly(StreamEvent.Plain rest) {
    path.carryStream(false);
    CloseReason closed;
    synchronized (state) {
      state.fallBack(path, rest);
      state.answered();
      closed = state.ending.own();
    }
    if (closed != null) {
      path.close(closed);
    }
  }

  private void fail(CloseReason end, String why, CloseReason told) {
    failed = true;
    state.over(end, why);
    path.hangUp(told);
  }

  private String refusal(StreamRefused e) {
    String what = state.answeredOnce() ? "the session cannot be resumed: " : "the agent refuses: ";
    return what + e.getMessage();
  }
}
