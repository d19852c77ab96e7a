package dev.converge.tunnel;

import java.io.IOException;

/** Takes what arrives on one path of a link, on the receiving thread. */
final class Arrival implements Link.Sink {
  private final ResumableLink link;
  private final WebSocketConnection from;
  private final Link.Sink sink;

  Arrival(ResumableLink link, WebSocketConnection from, Link.Sink sink) {
    this.link = link;
    this.from = from;
    this.sink = sink;
  }

  @Override
  public void accept(byte[] bytes, int offset, int length) {
    link.take(bytes, offset, length);
    try {
      for (StreamEvent event = link.next(); event != null; event = link.next()) {
        handle(event);
      }
    } catch (StreamRefused e) {
      link.over(CloseReason.lost("refused"), link.refusal(e));
      from.hangUp(CloseReason.normal(""));
    } catch (ProtocolViolation e) {
      link.over(e.reason(), "");
      from.hangUp(e.reason());
    } catch (IOException e) {
      throw new IllegalStateException(e); // a stream throws no others
    }
  }

  private void handle(StreamEvent event) {
    if (event instanceof StreamEvent.Data data) {
      link.reading(false);
      sink.accept(data.bytes(), data.offset(), data.length());
      link.reading(true);
    } else if (event instanceof StreamEvent.Ended ended) {
      link.peerEnded(ended.reason());
    } else if (event instanceof StreamEvent.Plain rest) {
      link.fallBack(from);
      sink.accept(rest.bytes(), rest.offset(), rest.length());
    } else {
      link.attached();
    }
  }
}
