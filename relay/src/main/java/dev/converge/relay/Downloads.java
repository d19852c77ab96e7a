package dev.converge.relay;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The programs that this relay hands out, and their checksums, by the path of each. */
final class Downloads {
  private static final List<String> PROGRAMS = List.of("agent", "wsproxy", "tcptows");

  private Downloads() {}

  /** Reads what the build has packaged; a relay that was not packaged has nothing to hand out. */
  static Map<String, Resource> load() throws IOException {
    Map<String, Resource> downloads = new HashMap<>();
    for (String name : PROGRAMS) {
      try (InputStream in = Downloads.class.getResourceAsStream("downloads/" + name)) {
        if (in != null) {
          Resource program = Resource.read("application/octet-stream", in);
          downloads.put("/docs/" + name, program);
          downloads.put("/docs/" + name + ".sha256", checksum(name, program));
        }
      }
    }
    return downloads;
  }

  /** One line as {@code sha256sum --check} reads it. */
  static Resource checksum(String name, Resource program) {
    String line = program.sha256() + "  " + name + "\n";
    return Resource.of("text/plain; charset=utf-8", line.getBytes(StandardCharsets.US_ASCII));
  }
}
