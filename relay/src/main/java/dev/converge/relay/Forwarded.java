package dev.converge.relay;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The client's address as a proxy in front tells it, in X-Forwarded-For or Forwarded (RFC 7239).
 * Only the last entry counts: that one the proxy has written itself, the others may be anybody's.
 */
final class Forwarded {
  private static final String LIST = "X-Forwarded-For";
  private static final String STANDARD = "Forwarded";

  private static final Pattern NODE =
      Pattern.compile(
          "(?:([0-9.]{7,15})|\\[([0-9A-Fa-f:.]{2,45})])(?::([0-9]{1,5}))?|([0-9A-Fa-f:.]{2,45})");

  /** RFC 7239, section 6: a proxy that does not know, or does not say. */
  private static final Pattern HIDDEN = Pattern.compile("unknown|_[A-Za-z0-9._-]+");

  private Forwarded() {}

  /**
   * The client's address, with port 0 if that is not told; null if the headers tell nothing.
   *
   * @throws IllegalArgumentException if they tell something else, or contradict one another, as
   *     when a client has sent the one that its proxy does not set
   */
  static @Nullable InetSocketAddress client(HttpHeaders headers) {
    String list = last(headers.getAll(LIST));
    String standard = last(headers.getAll(STANDARD));
    InetSocketAddress byList = list == null ? null : address(LIST, list);
    InetSocketAddress byStandard = standard == null ? null : address(STANDARD, node(standard));
    if (byList != null
        && byStandard != null
        && !byList.getAddress().equals(byStandard.getAddress())) {
      throw new IllegalArgumentException(LIST + " and " + STANDARD + " name different clients");
    }
    return byList == null ? byStandard : byList;
  }

  /** Cut at the last comma, quoted or not: a client may have left a quote open before it. */
  private static @Nullable String last(List<String> values) {
    if (values.isEmpty()) {
      return null;
    }
    String value = values.get(values.size() - 1);
    return value.substring(value.lastIndexOf(',') + 1).strip();
  }

  /** The one parameter {@code for} of an element. */
  private static String node(String element) {
    List<String> nodes =
        Arrays.stream(element.split(";", -1))
            .map(String::strip)
            .filter(pair -> pair.regionMatches(true, 0, "for=", 0, 4))
            .map(pair -> pair.substring(4))
            .toList();
    if (nodes.size() != 1) {
      throw garbled(STANDARD);
    }
    String node = nodes.get(0);
    boolean quoted = node.length() >= 2 && node.startsWith("\"") && node.endsWith("\"");
    return quoted ? node.substring(1, node.length() - 1) : node;
  }

  private static @Nullable InetSocketAddress address(String header, String node) {
    if (HIDDEN.matcher(node).matches()) {
      return null;
    }
    Matcher parts = NODE.matcher(node);
    if (!parts.matches()) {
      throw garbled(header);
    }
    String host = parts.group(1) != null ? parts.group(1) : parts.group(2);
    InetAddress address =
        NetUtil.createInetAddressFromIpAddressString(host == null ? parts.group(4) : host);
    int port = parts.group(3) == null ? 0 : Integer.parseInt(parts.group(3));
    if (address == null || port > 65535) {
      throw garbled(header);
    }
    return new InetSocketAddress(address, port);
  }

  private static IllegalArgumentException garbled(String header) {
    return new IllegalArgumentException("the last entry of " + header + " is not an IP address");
  }
}
