package dev.converge.tunnel;

import java.io.IOException;

/** How a resumable link comes to its connections. */
record Dialling(WebSocketClient client, Endpoint endpoint, Resumption terms, Timeouts timeouts) {
  WebSocketConnection connect() throws IOException {
    return client.connect(endpoint);
  }
}
