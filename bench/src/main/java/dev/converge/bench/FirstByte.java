package dev.converge.bench;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ServerSocketFactory;
import javax.net.ssl.SSLServerSocketFactory;

/**
 * Takes WebSocket connections, ws on one port and wss on another. Prints the two ports, and then a
 * line for the first byte of each connection's first message. The certificate is that of
 * javax.net.ssl.keyStore.
 */
final class FirstByte {
  private static final Pattern KEY =
      Pattern.compile("(?i)^sec-websocket-key: *(\\S+)", Pattern.MULTILINE);

  private FirstByte() {}

  public static void main(String[] args) throws IOException {
    System.out.println(
        serve(ServerSocketFactory.getDefault()) + " " + serve(SSLServerSocketFactory.getDefault()));
  }

  private static int serve(ServerSocketFactory sockets) throws IOException {
    ServerSocket server = sockets.createServerSocket(0, 100, InetAddress.getLoopbackAddress());
    new Thread(() -> accept(server)).start();
    return server.getLocalPort();
  }

  private static void accept(ServerSocket server) {
    while (true) {
      try (Socket socket = server.accept()) {
        socket.setTcpNoDelay(true);
        answer(socket);
      } catch (Exception e) {
        System.err.println(e);
      }
    }
  }

  private static void answer(Socket socket) throws Exception {
    InputStream in = socket.getInputStream();
    Matcher key = KEY.matcher(head(in));
    if (!key.find()) {
      throw new IOException("not a WebSocket handshake");
    }
    String accept = key.group(1) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    byte[] digest =
        MessageDigest.getInstance("SHA-1").digest(accept.getBytes(StandardCharsets.US_ASCII));
    String answer =
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Accept: "
            + Base64.getEncoder().encodeToString(digest)
            + "\r\n\r\n";
    socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
    in.readNBytes(2 + 4 + 1); // the head of a short frame, its mask, one byte
    System.out.println("byte");
  }

  private static String head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("the handshake is not whole");
      }
      head.append((char) next);
    }
    return head.toString();
  }
}
