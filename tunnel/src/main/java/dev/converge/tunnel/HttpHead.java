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
      String value = line.substring(colon + 1).strip();
      String before = fields.get(name);
      fields.put(name, before == null ? value : before + ", " + value);
    }
    return new HttpHead(status(statusLine), Text.excerpt(phrase(statusLine)), fields);
  }

  private static int status(String line) throws IOException {
    boolean http = line.startsWith("HTTP/1.0 ") || line.startsWith("HTTP/1.1 ");
    int status = http ? number(line, 9) : 0;
    if (status < 100 || status > 599 || (line.length() > 12 && line.charAt(12) != ' ')) {
      throw new IOException("not HTTP: '" + Text.excerpt(line) + "'");
    }
    return status;
  }

  /** The number of three digits at {@code start}; 0 if none is there. */
  private static int number(String line, int start) {
    int number = 0;
    for (int i = start; i < start + 3; i++) {
      int digit = i < line.length() ? line.charAt(i) - '0' : -1;
      if (digit < 0 || digit > 9) {
        return 0;
      }
      number = 10 * number + digit;
    }
    return number;
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
