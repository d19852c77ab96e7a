package dev.converge.agent;

import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** An HTTP proxy that gives each CONNECT the same answer, and obeys if that is 200. */
final class FakeProxy implements Closeable {
  final BlockingQueue<String> requests = new LinkedBlockingQueue<>();
  private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final String answer;
  private final int target;

  FakeProxy(String answer, int target) throws IOException {
    this.answer = answer;
    this.target = target;
    run(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  private void accept() throws IOException {
    while (true) {
      Socket socket = server.accept();
      run(() -> serve(socket));
    }
  }

  private void serve(Socket client) throws IOException {
    DataInputStream in = new DataInputStream(client.getInputStream());
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      head.append((char) in.readUnsignedByte());
    }
    requests.add(head.toString());
    client.getOutputStream().write((answer + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
    if (!answer.contains(" 200 ")) {
      client.close();
      return;
    }
    Socket relay = new Socket(InetAddress.getLoopbackAddress(), target);
    run(() -> pump(relay.getInputStream(), client));
    pump(in, relay);
  }

  private static void pump(InputStream from, Socket to) throws IOException {
    from.transferTo(to.getOutputStream());
    to.close();
  }

  private interface Work {
    void run() throws IOException;
  }

  private static void run(Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (IOException e) {
                // One side is gone.
              }
            },
            "fake-proxy");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
