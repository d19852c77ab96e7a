package dev.converge.relay;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Java runtimes that programs without a Java fetch: those packaged with this relay, and those
 * of a directory, which come first. They are large, so they are read while the relay already
 * serves.
 */
final class Runtimes {
  private static final Logger LOG = LoggerFactory.getLogger(Runtimes.class);

  private static final String PATH = "/docs/runtime/";
  private static final Pattern NAME =
      Pattern.compile("[a-z0-9]+(?:[_-][a-z0-9]+)*\\.tar\\.(?:gz|xz)");

  /** Null until all are read. */
  private volatile @Nullable Map<String, Resource> read;

  private Runtimes() {}

  /**
   * Begins to read them.
   *
   * @param directory more of them, by their names; null if there is none
   */
  static Runtimes load(@Nullable Path directory) {
    Runtimes runtimes = new Runtimes();
    Thread reader = new Thread(() -> runtimes.read(directory), "runtimes");
    reader.setDaemon(true);
    reader.start();
    return runtimes;
  }

  private void read(@Nullable Path directory) {
    Map<String, Resource> found = new HashMap<>();
    try {
      packaged(found);
      if (directory != null) {
        from(directory, found);
      }
    } catch (IOException e) {
      LOG.error("cannot read the runtimes: {}", e.toString());
    }
    read = Map.copyOf(found);
  }

  private static void packaged(Map<String, Resource> found) throws IOException {
    try (InputStream list =
        Runtimes.class.getResourceAsStream("downloads/runtime/runtimes.sha256")) {
      if (list == null) {
        return;
      }
      var lines =
          new BufferedReader(new InputStreamReader(list, StandardCharsets.US_ASCII)).lines();
      for (String name : lines.map(line -> line.split(" +", 2)[1]).toList()) {
        try (InputStream in = Runtimes.class.getResourceAsStream("downloads/runtime/" + name)) {
          if (in != null) {
            add(name, in, found);
          }
        }
      }
    }
  }

  private static void from(Path directory, Map<String, Resource> found) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        String name = String.valueOf(file.getFileName());
        if (NAME.matcher(name).matches()) {
          try (InputStream in = Files.newInputStream(file)) {
            add(name, in, found);
          }
        }
      }
    }
  }

  private static void add(String name, InputStream in, Map<String, Resource> found)
      throws IOException {
    Resource runtime = Resource.read("application/octet-stream", in);
    found.put(PATH + name, runtime);
    found.put(PATH + name + ".sha256", Downloads.checksum(name, runtime));
  }

  /** The answer to a request for this path, or null if it is not that of a runtime. */
  @Nullable Answer answer(String path, HttpHeaders request) {
    if (!path.startsWith(PATH)) {
      return null;
    }
    Map<String, Resource> ready = read;
    if (ready == null) {
      return Answer.busy("the runtimes are being read; try again in a moment");
    }
    Resource runtime = ready.get(path);
    return runtime == null
        ? Answer.line(HttpResponseStatus.NOT_FOUND, "this relay has no such runtime")
        : ResourceAnswers.answer(runtime, request);
  }
}
