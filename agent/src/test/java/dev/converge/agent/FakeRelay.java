package dev.converge.agent;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import javax.net.ServerSocketFactory;
import org.jspecify.annotations.Nullable;

/** A relay of which each answer is given by the test, byte by byte if need be. */
final class FakeRelay implements Closeable {
  static final int CONTINUATION = 0;
  static final int TEXT = 1;
  static final int BINARY = 2;
  static final int CLOSE = 8;
  static final int PING = 9;
  static final int PONG = 10;
  static final int FIN = 0x80;

  private static final int DEADLINE_SECONDS = 10;

  private final ServerSocket server;
  private final BlockingQueue<Connection> connections = new LinkedBlockingQueue<>();
  private final List<Socket> sockets = new ArrayList<>();

  FakeRelay() throws IOException {
    this(0, ServerSocketFactory.getDefault());
  }

  FakeRelay(int port, ServerSocketFactory factory) throws IOException {
    server = factory.createServerSocket();
    server.setReuseAddress(true);
    server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    Thread acceptor = new Thread(this::accept, "fake-relay");
    acceptor.setDaemon(true);
    acceptor.start();
  }

  int port() {
    return server.getLocalPort();
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = server.accept();
        synchronized (sockets) {
          sockets.add(socket);
        }
        socket.setSoTimeout(DEADLINE_SECONDS * 1000);
        Thread reader = new Thread(() -> readRequest(socket), "fake-relay-request");
        reader.setDaemon(true);
        reader.start();
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private void readRequest(Socket socket) {
    try {
      connections.add(new Connection(socket));
    } catch (IOException e) {
      // A TLS handshake that fails on purpose.
    }
  }

  /** The next connection, of which the request has been read. */
  Connection next() throws InterruptedException {
    Connection connection = connections.poll(DEADLINE_SECONDS, TimeUnit.SECONDS);
    if (connection == null) {
      throw new AssertionError("nobody connected");
    }
    return connection;
  }

  /** The next connection, which becomes a slot. */
  Connection slot() throws IOException, InterruptedException {
    Connection connection = next();
    connection.write(connection.granted("Sec-WebSocket-Protocol: converge.v1"));
    return connection;
  }

  /** Whether nobody connects for a while. */
  boolean isLeftAlone(long millis) throws InterruptedException {
    return connections.poll(millis, TimeUnit.MILLISECONDS) == null;
  }

  /** Dies: neither close frames nor a port. */
  @Override
  public void close() throws IOException {
    server.close();
    synchronized (sockets) {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }

  static byte[] frame(int firstByte, byte[] payload) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(firstByte);
    if (payload.length < 126) {
      out.write(payload.length);
    } else {
      out.write(126);
      out.write(payload.length >> 8);
      out.write(payload.length);
    }
    out.writeBytes(payload);
    return out.toByteArray();
  }

  static byte[] frame(int firstByte, String payload) {
    return frame(firstByte, payload.getBytes(StandardCharsets.UTF_8));
  }

  static byte[] paired(String client) {
    return frame(FIN | TEXT, "{\"type\":\"paired\",\"client\":\"" + client + "\"}");
  }

  static byte[] close(int code, String reason) {
    byte[] payload = ("  " + reason).getBytes(StandardCharsets.UTF_8);
    payload[0] = (byte) (code >> 8);
    payload[1] = (byte) code;
    return frame(FIN | CLOSE, payload);
  }

  /**
   * A frame of the agent.
   *
   * @param payload each byte as one character
   */
  record Frame(int opcode, String payload) {
    int closeCode() {
      return payload.charAt(0) << 8 | payload.charAt(1);
    }
  }

  static final class Connection {
    final Socket socket;
    final String request;
    private final DataInputStream in;

    private Connection(Socket socket) throws IOException {
      this.socket = socket;
      in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
      StringBuilder head = new StringBuilder();
      while (head.indexOf("\r\n\r\n") < 0) {
        head.append((char) in.readUnsignedByte());
      }
      request = head.toString();
    }

    @Nullable String header(String name) {
      var field = Pattern.compile("(?im)^" + name + ": (.*)$").matcher(request);
      return field.find() ? field.group(1).strip() : null;
    }

    byte[] granted(String... headers) {
      return ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
              + "Sec-WebSocket-Accept: "
              + accept()
              + "\r\n"
              + String.join("", List.of(headers).stream().map(line -> line + "\r\n").toList())
              + "\r\n")
          .getBytes(StandardCharsets.ISO_8859_1);
    }

    private String accept() {
      try {
        String proof = header("Sec-WebSocket-Key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
        byte[] digest =
            MessageDigest.getInstance("SHA-1").digest(proof.getBytes(StandardCharsets.US_ASCII));
        return Base64.getEncoder().encodeToString(digest);
      } catch (GeneralSecurityException e) {
        throw new AssertionError(e);
      }
    }

    void refuse(int status, String headers, String body) throws IOException {
      write(
          ("HTTP/1.1 " + status + " No\r\nContent-Length: " + body.length() + "\r\n" + headers)
              .getBytes(StandardCharsets.ISO_8859_1),
          "\r\n".getBytes(StandardCharsets.ISO_8859_1),
          body.getBytes(StandardCharsets.ISO_8859_1));
      socket.close();
    }

    void refuse(int status, String line) throws IOException {
      refuse(status, "Content-Type: text/plain; charset=utf-8\r\n", line + "\n");
    }

    /** Writes all in one piece. */
    void write(byte[]... parts) throws IOException {
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      for (byte[] part : parts) {
        all.writeBytes(part);
      }
      socket.getOutputStream().write(all.toByteArray());
      socket.getOutputStream().flush();
    }

    Frame read() throws IOException {
      int first = in.readUnsignedByte();
      int second = in.readUnsignedByte();
      if ((second & 0x80) == 0) {
        throw new AssertionError("a client's frame without a mask");
      }
      long length = second & 0x7f;
      if (length == 126) {
        length = in.readUnsignedShort();
      } else if (length == 127) {
        length = in.readLong();
      }
      byte[] mask = in.readNBytes(4);
      byte[] payload = in.readNBytes((int) length);
      for (int i = 0; i < payload.length; i++) {
        payload[i] ^= mask[i % 4];
      }
      return new Frame(first & 0x0f, new String(payload, StandardCharsets.ISO_8859_1));
    }

    /** Whether nothing more comes, and then the end. */
    boolean isEnded() throws IOException {
      return in.read() == -1;
    }

    /** Skips what still comes until the other side ends the connection. */
    void awaitEnd() throws IOException {
      try {
        in.readAllBytes();
      } catch (SocketException e) {
        // An end as well.
      }
    }
  }
}
