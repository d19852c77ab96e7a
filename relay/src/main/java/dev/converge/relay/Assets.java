package dev.converge.relay;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The files that the usage page loads, from the module {@code web}. */
final class Assets {
  private static final Pattern PATH =
      Pattern.compile("/assets/([a-z0-9][a-z0-9.-]*\\.([a-z0-9]+))");
  private static final Map<String, String> CONTENT_TYPES =
      Map.of(
          "css", "text/css; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "svg", "image/svg+xml",
          "png", "image/png",
          "ico", "image/x-icon");

  private final Map<String, Resource> read = new ConcurrentHashMap<>();

  /** The asset of this path, or null if there is none. */
  @Nullable Resource get(String path) {
    Resource known = read.get(path);
    Matcher name = PATH.matcher(path);
    return known != null || !name.matches() ? known : load(path, name.group(1), name.group(2));
  }

  private @Nullable Resource load(String path, String name, String suffix) {
    String contentType = CONTENT_TYPES.get(suffix);
    try (InputStream in = Assets.class.getResourceAsStream("/dev/converge/web/assets/" + name)) {
      if (in == null || contentType == null) {
        return null;
      }
      Resource asset = Resource.read(contentType, in);
      read.put(path, asset);
      return asset;
    } catch (IOException e) {
      throw new UncheckedIOException("asset " + name, e);
    }
  }
}
