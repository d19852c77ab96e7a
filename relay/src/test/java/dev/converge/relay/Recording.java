package dev.converge.relay;

import dev.converge.tunnel.ClassRecording;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** Writes the names of the classes that a relay loads while it is looked at and carries bytes. */
final class Recording {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private Recording() {}

  public static void main(String[] args) throws Exception {
    ClassRecording classes = new ClassRecording(RelayMain.class);
    Process relay = classes.start(List.of(), Map.of(), "--bind=127.0.0.1", "--port=0");
    try {
      String at = ClassRecording.awaitLine(relay, "//(.*)").group(1);
      for (String path : List.of("/healthz", "/", "/assets/bootstrap.min.css")) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + at + path)).build();
        HTTP.send(request, BodyHandlers.ofByteArray());
      }
      carry(at);
    } finally {
      relay.destroy();
      ClassRecording.end(relay);
    }
    classes.write(Path.of(args[0]));
  }

  private static void carry(String at) throws Exception {
    Listener arrived = new Listener();
    WebSocket agent = open(at + "/agent/x", arrived);
    WebSocket client = open(at + "/client/x", new Listener());
    client.sendBinary(ByteBuffer.wrap(new byte[70_000]), true).get(10, TimeUnit.SECONDS);
    arrived.get(10, TimeUnit.SECONDS);
    client.sendClose(WebSocket.NORMAL_CLOSURE, "").get(10, TimeUnit.SECONDS);
    agent.abort();
  }

  private static WebSocket open(String at, WebSocket.Listener listener) throws Exception {
    URI uri = URI.create("ws://" + at);
    return HTTP.newWebSocketBuilder()
        .subprotocols("converge.v1")
        .buildAsync(uri, listener)
        .get(10, TimeUnit.SECONDS);
  }

  /** Complete with the first bytes. */
  private static final class Listener extends CompletableFuture<Void>
      implements WebSocket.Listener {
    @Override
    public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
      complete(null);
      socket.request(1);
      return null;
    }
  }
}
