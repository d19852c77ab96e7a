package dev.converge.tunnel;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;

/**
 * The opening handshake (RFC 6455, section 4), once it succeeded.
 *
 * @param inbound where frames follow
 * @param negotiated whether the server took up our subprotocol
 */
record Upgrade(Inbound inbound, SecureRandom random, boolean negotiated) {
  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  private static final int MAX_REFUSAL = 512;

  /** Asks for the upgrade and waits for the answer. */
  static Upgrade on(Socket socket, Endpoint endpoint, ConnectOptions options) throws IOException {
    SecureRandom random = new SecureRandom();
    byte[] nonce = new byte[16];
    random.nextBytes(nonce);
    String key = Base64.getEncoder().encodeToString(nonce);
    OutputStream out = socket.getOutputStream();
    out.write(request(endpoint, key, options).getBytes(StandardCharsets.ISO_8859_1));
    Inbound in = new Inbound(socket.getInputStream());
    HttpHead head = HttpHead.read(in);
    if (head.status() != 101) {
      throw refusal(head, in, endpoint);
    }
    return new Upgrade(in, random, accepted(head, key, options));
  }

  private static String request(Endpoint endpoint, String key, ConnectOptions options) {
    StringBuilder request = new StringBuilder(512);
    request.append("GET ").append(endpoint.requestTarget()).append(" HTTP/1.1\r\n");
    field(request, "Host", endpoint.authority());
    field(request, "Upgrade", "websocket");
    field(request, "Connection", "Upgrade");
    field(request, "Sec-WebSocket-Key", key);
    field(request, "Sec-WebSocket-Version", "13");
    if (options.resumption() != null) {
      field(request, "Sec-WebSocket-Protocol", Protocol.SUBPROTOCOL);
    }
    for (Map.Entry<String, String> header : options.fields().entrySet()) {
      field(request, header.getKey(), header.getValue());
    }
    return request.append("\r\n").toString();
  }

  private static void field(StringBuilder request, String name, String value) {
    request.append(name).append(": ").append(value).append("\r\n");
  }

  /** Checks the answer; returns whether the server took up the subprotocol. */
  private static boolean accepted(HttpHead head, String key, ConnectOptions options)
      throws IOException {
    expect(head.field("upgrade").equalsIgnoreCase("websocket"), "Upgrade: websocket");
    expect(asksForUpgrade(head.field("connection")), "Connection: Upgrade");
    expect(head.field("sec-websocket-accept").equals(proof(key)), "the right Sec-WebSocket-Accept");
    expect(head.field("sec-websocket-extensions").isEmpty(), "no extension");
    String subprotocol = head.field("sec-websocket-protocol");
    boolean ours = options.resumption() != null && subprotocol.equals(Protocol.SUBPROTOCOL);
    expect(ours || subprotocol.isEmpty(), "no other subprotocol");
    return ours;
  }

  private static boolean asksForUpgrade(String connection) {
    for (String token : connection.split(",", -1)) {
      if (token.strip().equalsIgnoreCase("upgrade")) {
        return true;
      }
    }
    return false;
  }

  private static void expect(boolean met, String what) throws IOException {
    if (!met) {
      throw new IOException("not a WebSocket server: its answer lacks " + what);
    }
  }

  static void warmUp() {
    proof(Integer.toString(new SecureRandom().nextInt()));
  }

  private static String proof(String key) {
    try {
      MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
      byte[] hash = sha1.digest((key + GUID).getBytes(StandardCharsets.US_ASCII));
      return Base64.getEncoder().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("a JDK without SHA-1", e);
    }
  }

  private static RefusedException refusal(HttpHead head, Inbound in, Endpoint endpoint) {
    String line = "";
    if (head.status() / 100 == 3) {
      String target = Text.excerpt(head.field("location"));
      line = endpoint.hostAndPort() + " redirects to '" + target + "'; give that URL instead";
    } else if (head.status() >= 400 && head.field("content-type").startsWith("text/plain")) {
      line = firstLine(head, in);
    }
    if (line.isEmpty()) {
      line = endpoint.hostAndPort() + " answered " + head.summary() + "; is it a relay?";
    }
    return new RefusedException(head.status(), line, seconds(head.field("retry-after")));
  }

  /** Dates, which may stand there too, are not worth it. */
  private static int seconds(String retryAfter) {
    return retryAfter.matches("[0-9]{1,6}") ? Integer.parseInt(retryAfter) : 0;
  }

  private static String firstLine(HttpHead head, Inbound in) {
    try {
      if (head.field("transfer-encoding").equalsIgnoreCase("chunked")) {
        HttpHead.line(in, MAX_REFUSAL); // the size of the first chunk
      }
      byte[] start = in.readNBytes(length(head));
      String text = new String(start, StandardCharsets.UTF_8);
      return Text.printable(text.lines().findFirst().orElse("").strip());
    } catch (IOException e) {
      return "";
    }
  }

  private static int length(HttpHead head) {
    String length = head.field("content-length");
    return length.matches("[0-9]{1,3}")
        ? Math.min(MAX_REFUSAL, Integer.parseInt(length))
        : MAX_REFUSAL;
  }
}
