package dev.converge.relay;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** An agent or a client that nobody here wrote: the JDK's own WebSocket. */
final class JdkPeer implements WebSocket.Listener, AutoCloseable {
  private static final int MESSAGE = 256 * 1024;
  private static final HttpClient HTTP =
      HttpClient.newBuilder().sslContext(TestCertificates.TRUSTING).build();

  final CompletableFuture<String> closed = new CompletableFuture<>();
  final List<String> texts = new ArrayList<>();
  private final ByteArrayOutputStream received = new ByteArrayOutputStream();
  private final StringBuilder text = new StringBuilder();
  private WebSocket socket;

  static JdkPeer open(URI uri, String... subprotocol) throws Exception {
    return opening(uri, subprotocol).get(10, TimeUnit.SECONDS);
  }

  /** Completes once the relay has answered 101. */
  static CompletableFuture<JdkPeer> opening(URI uri, String... subprotocol) {
    var peer = new JdkPeer();
    var builder = HTTP.newWebSocketBuilder();
    if (subprotocol.length > 0) {
      builder.subprotocols(subprotocol[0]);
    }
    return builder
        .buildAsync(uri, peer)
        .thenApply(
            socket -> {
              peer.socket = socket;
              return peer;
            });
  }

  String subprotocol() {
    return socket.getSubprotocol();
  }

  void send(byte[] bytes, boolean last) throws Exception {
    socket.sendBinary(ByteBuffer.wrap(bytes), last).get(20, TimeUnit.SECONDS);
  }

  /** In messages that no limit of the relay stands against. */
  void sendAll(byte[] bytes) throws Exception {
    for (int from = 0; from < bytes.length; from += MESSAGE) {
      send(Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + MESSAGE)), true);
    }
  }

  void send(String text) throws Exception {
    send(text.getBytes(StandardCharsets.UTF_8), true);
  }

  void sendClose(int code, String reason) throws Exception {
    socket.sendClose(code, reason).get(10, TimeUnit.SECONDS);
  }

  /** Leaves without a word. */
  void abort() {
    socket.abort();
  }

  synchronized int receivedBytes() {
    return received.size();
  }

  /** The next {@code count} bytes, once they are there. */
  synchronized byte[] receive(int count) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (received.size() < count) {
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (left <= 0) {
        throw new AssertionError(received.size() + " bytes came (expected: " + count + ")");
      }
      wait(left);
    }
    byte[] all = received.toByteArray();
    received.reset();
    received.write(all, count, all.length - count);
    return Arrays.copyOf(all, count);
  }

  String receiveText(int count) throws InterruptedException {
    return new String(receive(count), StandardCharsets.UTF_8);
  }

  /** How it ended, as {@code CODE REASON}. */
  String end() throws Exception {
    return closed.get(10, TimeUnit.SECONDS);
  }

  @Override
  public synchronized CompletionStage<?> onBinary(
      WebSocket webSocket, ByteBuffer data, boolean last) {
    byte[] bytes = new byte[data.remaining()];
    data.get(bytes);
    received.writeBytes(bytes);
    notifyAll();
    webSocket.request(1);
    return null;
  }

  @Override
  public synchronized CompletionStage<?> onText(
      WebSocket webSocket, CharSequence data, boolean last) {
    text.append(data);
    if (last) {
      texts.add(text.toString());
      text.setLength(0);
    }
    webSocket.request(1);
    return null;
  }

  @Override
  public CompletionStage<?> onClose(WebSocket webSocket, int code, String reason) {
    closed.complete(code + " " + reason);
    return null;
  }

  @Override
  public void onError(WebSocket webSocket, Throwable error) {
    closed.completeExceptionally(error);
  }

  @Override
  public void close() {
    socket.abort();
  }
}
