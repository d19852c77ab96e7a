package dev.converge.agent;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.sshd.common.config.keys.OpenSshCertificate;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.config.keys.PublicKeyEntryResolver;

/**
 * A line of an {@code authorized_keys} file, as sshd(8) has it: options, key type, key, comment.
 *
 * @param options by their names in lower case
 */
record KeyLine(Map<String, String> options, PublicKey key) {
  private static final Pattern KEY = Pattern.compile("(\\S+\\s+AAAA\\S*)(\\s.*)?");

  /** A name, and perhaps a value in quotes, in which {@code \"} stands for a quote. */
  private static final Pattern OPTION =
      Pattern.compile("([A-Za-z0-9-]+)(?:=\"([^\"\\\\]*+(?:\\\\\"?[^\"\\\\]*+)*+)\")?(,|[ \\t]+)");

  /** Far beyond the longest key; what comes from the network is not to exhaust the parser. */
  private static final int LONGEST = 32 << 10;

  /**
   * @throws IllegalArgumentException if the line is not understood
   */
  static KeyLine parse(String line) {
    if (line.length() > LONGEST) {
      throw new IllegalArgumentException("a line longer than " + LONGEST + " characters");
    }
    String rest = line.strip();
    Map<String, String> options = new LinkedHashMap<>();
    boolean more = !KEY.matcher(rest).matches();
    while (more) {
      Matcher option = OPTION.matcher(rest);
      if (!option.lookingAt()) {
        throw new IllegalArgumentException("neither an option nor a key: " + rest);
      }
      String value = option.group(2) == null ? "" : option.group(2).replace("\\\"", "\"");
      String name = option.group(1).toLowerCase(Locale.ROOT);
      if (options.put(name, value) != null) {
        throw new IllegalArgumentException("an option stands there twice: " + name);
      }
      rest = rest.substring(option.end());
      more = option.group(3).equals(",");
    }
    return new KeyLine(options, key(rest));
  }

  private static PublicKey key(String text) {
    Matcher key = KEY.matcher(text);
    if (!key.matches()) {
      throw new IllegalArgumentException("no key: " + text);
    }
    PublicKey parsed;
    try {
      parsed =
          PublicKeyEntry.parsePublicKeyEntry(key.group(1))
              .resolvePublicKey(null, Map.of(), PublicKeyEntryResolver.FAILING);
    } catch (IOException | GeneralSecurityException | RuntimeException e) {
      // The library's parsers throw unchecked exceptions of many kinds at what is no key.
      throw new IllegalArgumentException("no key that is understood: " + e.getMessage(), e);
    }
    if (parsed == null || parsed instanceof OpenSshCertificate) {
      throw new IllegalArgumentException("a certificate, not a key: " + text);
    }
    return parsed;
  }
}
