package dev.converge.agent;

import dev.converge.tunnel.Text;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.sshd.common.config.keys.KeyUtils;

/**
 * The lines of an {@code authorized_keys} text. One that is not understood to its last option lets
 * nobody in; the lines after it still count.
 *
 * @param entries the keys that let in
 * @param refused why each of the other lines does not
 * @param keys how many lines had a key that was understood, whatever their options were
 */
record KeyList(List<Entry> entries, List<String> refused, int keys) {
  record Entry(PublicKey key, Permissions permissions) {}

  /** A lone CR ends no line for sshd, so options in front of one do not stand alone here either. */
  static KeyList parse(String text) {
    List<Entry> entries = new ArrayList<>();
    List<String> refused = new ArrayList<>();
    int keys = 0;
    for (String line : text.split("\n", -1)) {
      if (line.isBlank() || line.stripLeading().startsWith("#")) {
        continue;
      }
      try {
        KeyLine parsed = KeyLine.parse(line);
        keys++;
        entries.add(new Entry(parsed.key(), permissions(parsed)));
      } catch (IllegalArgumentException e) {
        refused.add(Text.excerpt(String.valueOf(e.getMessage())));
      }
    }
    return new KeyList(entries, refused, keys);
  }

  private static Permissions permissions(KeyLine line) {
    return Permissions.ofOptions(line.options())
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "an option is not enforced here: " + line.options().keySet()));
  }

  Optional<Permissions> find(PublicKey key) {
    return entries.stream()
        .filter(entry -> KeyUtils.compareKeys(entry.key, key))
        .map(Entry::permissions)
        .findFirst();
  }

  /** What became of the lines that were refused, for the log; empty if there are none. */
  String complaint() {
    return refused.isEmpty()
        ? ""
        : refused.size() + " of its lines let nobody in, the first because of: " + refused.get(0);
  }
}
