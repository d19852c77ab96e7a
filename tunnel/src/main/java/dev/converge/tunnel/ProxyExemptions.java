package dev.converge.tunnel;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The value of {@code NO_PROXY}: {@code *}, names (which stand for what is under them too),
 * addresses and CIDR blocks, each with {@code :PORT} or without; separated by commas or blanks. No
 * name is resolved for it.
 */
final class ProxyExemptions {
  private static final String OCTET = "(25[0-5]|2[0-4][0-9]|1?[0-9]{1,2})";

  private final String[] entries;

  ProxyExemptions(String value) {
    entries = value.toLowerCase(Locale.ROOT).split("[,\\s]+");
  }

  boolean contain(String host, int port) {
    String name = withoutDot(host.toLowerCase(Locale.ROOT));
    for (String entry : entries) {
      if (matches(entry, name, port)) {
        return true;
      }
    }
    return false;
  }

  private static boolean matches(String entry, String host, int port) {
    int colon = entry.lastIndexOf(':');
    boolean hasPort = colon > 0 && (entry.indexOf(':') == colon || entry.charAt(colon - 1) == ']');
    if (hasPort && !entry.substring(colon + 1).equals(Integer.toString(port))) {
      return false;
    }
    String pattern = hasPort ? entry.substring(0, colon) : entry;
    pattern = pattern.replace("[", "").replace("]", "");
    byte[] address = address(host);
    return pattern.equals("*")
        || (address == null ? isUnder(pattern, host) : isWithin(pattern, address));
  }

  private static boolean isUnder(String pattern, String host) {
    String name = withoutDot(pattern.startsWith("*.") ? pattern.substring(2) : pattern);
    name = name.startsWith(".") ? name.substring(1) : name;
    return !name.isEmpty() && (host.equals(name) || host.endsWith("." + name));
  }

  private static boolean isWithin(String pattern, byte[] address) {
    int slash = pattern.indexOf('/');
    byte[] block = address(slash < 0 ? pattern : pattern.substring(0, slash));
    if (block == null || block.length != address.length) {
      return false;
    }
    String bits = slash < 0 ? "" + 8 * block.length : pattern.substring(slash + 1);
    return bits.matches("[0-9]{1,3}") && agree(block, address, Integer.parseInt(bits));
  }

  private static boolean agree(byte[] one, byte[] other, int bits) {
    for (int i = 0; i < Math.min(bits, 8 * one.length); i++) {
      if (((one[i / 8] ^ other[i / 8]) >> (7 - i % 8) & 1) != 0) {
        return false;
      }
    }
    return true;
  }

  /** The octets of an address in its usual form; null for a name. */
  private static byte @Nullable [] address(String host) {
    // What has a colon is looked up after all unless it begins like an address.
    if (!host.matches("[0-9a-f].*:.*|:.*") && !host.matches(OCTET + "(\\." + OCTET + "){3}")) {
      return null;
    }
    try {
      return InetAddress.getByName(host).getAddress();
    } catch (UnknownHostException e) {
      return null;
    }
  }

  private static String withoutDot(String name) {
    return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
  }
}
