package dev.converge.relay;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What this relay hands out, and their checksums, by the path of each. */
final class Downloads {
  private static final List<String> PROGRAMS = List.of("agent", "wsproxy", "tcptows");
  private static final String BINARY = "application/octet-stream";
  private static final String TEXT = "text/plain; charset=utf-8";

  private Downloads() {}

  /**
   * Reads what the build has packaged; a relay that was not packaged has nothing to hand out.
   *
   * @param runtimes a directory with more Java runtimes; null if there is none
   */
  static Map<String, Resource> load(@Nullable Path runtimes) throws IOException {
    Map<String, Resource> downloads = new HashMap<>();
    Runtimes.load(runtimes, downloads);
    for (String name : PROGRAMS) {
      try (InputStream in = open(name)) {
        if (in != null) {
          Resource program = Resource.read(BINARY, in);
          downloads.put("/docs/" + name, program);
          downloads.put("/docs/" + name + ".sha256", checksum(name, program));
          addForWindows(name + ".cmd", name, program, downloads);
        }
      }
    }
    return downloads;
  }

  /**
   * The jar of a program behind another script; the build has put them together for the checksum.
   */
  private static void addForWindows(
      String file, String name, Resource program, Map<String, Resource> downloads)
      throws IOException {
    ByteBuf jar = ProgramFile.jarOf(program.bytes());
    try (InputStream stub = open(name + ".stub.cmd");
        InputStream sum = open(file + ".sha256")) {
      if (jar != null && stub != null && sum != null) {
        Resource checksum = Resource.read(TEXT, sum);
        String sha256 = checksum.bytes().toString(0, 64, StandardCharsets.US_ASCII);
        downloads.put("/docs/" + file, Resource.of(BINARY, stub.readAllBytes(), jar, sha256));
        downloads.put("/docs/" + file + ".sha256", checksum);
      }
    }
  }

  private static @Nullable InputStream open(String name) {
    return Downloads.class.getResourceAsStream("downloads/" + name);
  }

  /** One line as {@code sha256sum --check} reads it. */
  static Resource checksum(String name, Resource program) {
    String line = program.sha256() + "  " + name + "\n";
    return Resource.of(TEXT, line.getBytes(StandardCharsets.US_ASCII));
  }
}
