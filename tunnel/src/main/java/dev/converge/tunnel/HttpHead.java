package dev.converge.tunnel;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The first lines of an HTTP answer.
 *
 * @param status 100 to 599
 * @param phrase what the server calls it, cleaned for messages
 * @param fields by their names in lower case; repeated ones joined by commas
 */
record HttpHead(int status, String phrase, Map<String, String> fields) {
  private static final int MAX_BYTES = 16 << 10;

  /** Reads up to the empty line and not a byte further, past interim answers. */
  static HttpHead read(InputStream in) throws IOException {
    HttpHead head;
    do {
      head = readOne(in);
    } while (head.status < 200 && head.status != 101);
    return head;
  }

  private static HttpHead readOne(InputStream in) throws IOException {
    String statusLine = line(in, MAX_BYTES);
    int room = MAX_BYTES - statusLine.length();
    Map<String, String> fields = new TreeMap<>();
    for (String line = line(in, room); !line.isEmpty(); line = line(in, room)) {
      room -= line.length();
      int colon = line.indexOf(':');
      if (colon < 1 || Character.isWhitespace(line.charAt(colon - 1)) || line.charAt(0) <= ' ') {
        throw new IOException("malformed HTTP header: '" + Text.excerpt(line) + "'");
      }
      String name = line.substring(0, colon).toLowerCase(Locale.ROOT);
      fields.merge(name, line.substring(colon + 1).strip(), (a, b) -> a + ", " + b);
    }
    return new HttpHead(status(statusLine), Text.excerpt(phrase(statusLine)), fields);
  }

  private static int status(String line) throws IOException {
    if (!line.matches("HTTP/1\\.[01] [1-5][0-9]{2}( .*)?")) {
      throw new IOException("not HTTP: '" + Text.excerpt(line) + "'");
    }
    return Integer.parseInt(line.substring(9, 12));
  }

  private static String phrase(String line) {
    return line.length() > 13 ? line.substring(13).strip() : "";
  }

  /** Up to the line's end, which is not part of it. */
  static String line(InputStream in, int limit) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int octet = in.read(); octet != '\n'; octet = in.read()) {
      if (octet < 0) {
        throw new EOFException("the connection ended before the answer");
      }
      if (line.length() == limit) {
        throw new IOException("HTTP header of more than " + MAX_BYTES + " bytes");
      }
      line.append((char) octet);
    }
    int end = line.length() - 1;
    return end >= 0 && line.charAt(end) == '\r' ? line.substring(0, end) : line.toString();
  }

  String field(String name) {
    return fields.getOrDefault(name, "");
  }

  /** The status as it stands in messages: {@code HTTP 502 Bad Gateway}. */
  String summary() {
    return ("HTTP " + status + " " + phrase).strip();
  }
}
