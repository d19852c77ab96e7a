package dev.converge.relay;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The Java runtimes that programs without a Java fetch: those packaged with this relay, and those
 * of a directory, which come first.
 */
final class Runtimes {
  private static final String PATH = "/docs/runtime/";
  private static final Pattern NAME =
      Pattern.compile("[a-z0-9]+(?:[_-][a-z0-9]+)*\\.tar\\.(?:gz|xz)");

  private Runtimes() {}

  /**
   * Reads them, with their checksums.
   *
   * @param directory more of them, by their names; null if there is none
   */
  static void load(@Nullable Path directory, Map<String, Resource> downloads) throws IOException {
    for (String name : packaged()) {
      try (InputStream in = open(name)) {
        if (in != null) {
          add(name, in, downloads);
        }
      }
    }
    for (Path file : directory == null ? List.<Path>of() : files(directory)) {
      try (InputStream in = Files.newInputStream(file)) {
        add(String.valueOf(file.getFileName()), in, downloads);
      }
    }
  }

  private static List<String> packaged() throws IOException {
    try (InputStream sums = open("runtimes.sha256")) {
      if (sums == null) {
        return List.of();
      }
      var lines =
          new BufferedReader(new InputStreamReader(sums, StandardCharsets.US_ASCII)).lines();
      return lines.map(line -> line.substring(line.lastIndexOf(' ') + 1)).toList();
    }
  }

  private static @Nullable InputStream open(String name) {
    return Runtimes.class.getResourceAsStream("downloads/runtime/" + name);
  }

  private static List<Path> files(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(file -> NAME.matcher(String.valueOf(file.getFileName())).matches())
          .toList();
    }
  }

  private static void add(String name, InputStream in, Map<String, Resource> downloads)
      throws IOException {
    Resource runtime = Resource.read("application/octet-stream", in);
    downloads.put(PATH + name, runtime);
    downloads.put(PATH + name + ".sha256", Downloads.checksum(name, runtime));
  }
}
