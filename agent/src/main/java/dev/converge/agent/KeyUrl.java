package dev.converge.agent;

import dev.converge.tunnel.Text;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/**
 * Where keys are fetched from: by {@code https}, because whoever can change them on the way gets
 * in; by {@code http} from this machine alone.
 *
 * @param name what the user knows it as; without a query, which may be a secret
 */
record KeyUrl(String name, URI uri) {
  private static final String USER = "[A-Za-z0-9._-]{1,255}";
  private static final String LOOPBACK = "localhost|127(\\.[0-9]{1,3}){3}|\\[::1]";

  /**
   * @throws IllegalArgumentException if it is not a URL that can be trusted
   */
  static KeyUrl parse(String url) {
    return new KeyUrl(shown(url), trustworthy(url));
  }

  /**
   * The keys that a user of a forge has made public.
   *
   * @param forge its name
   * @param base its URL
   * @throws IllegalArgumentException if there is no such name or URL
   */
  static KeyUrl ofUser(String forge, String base, String user) {
    if (!user.matches(USER)) {
      throw new IllegalArgumentException(
          forge
              + " user: '"
              + Text.excerpt(user)
              + "' (expected: 1 to 255 of A-Z a-z 0-9 . _ -, one name)");
    }
    String path = base.endsWith("/") ? base : base + "/";
    return new KeyUrl(forge + " user " + user, trustworthy(path + user + ".keys"));
  }

  private static URI trustworthy(String url) {
    try {
      URI uri = new URI(url);
      if (uri.getHost() != null
          && uri.getRawUserInfo() == null
          && uri.getRawFragment() == null
          && (isHttps(uri) || isOfThisMachine(uri))) {
        return uri;
      }
    } catch (URISyntaxException e) {
      // Falls through to the one message for all that is refused.
    }
    throw new IllegalArgumentException(
        "URL of keys: '"
            + shown(url)
            + "' (expected: https://HOST/..., without a user; http://... only from loopback,"
            + " because whoever changes the keys on the way gets in)");
  }

  static boolean isHttps(URI uri) {
    return "https".equalsIgnoreCase(uri.getScheme());
  }

  private static boolean isOfThisMachine(URI uri) {
    return "http".equalsIgnoreCase(uri.getScheme())
        && uri.getHost().toLowerCase(Locale.ROOT).matches(LOOPBACK);
  }

  private static String shown(String url) {
    return Text.excerpt(url.replaceFirst("[?#].*", "").replaceFirst("//[^/]*@", "//"));
  }

  @Override
  public String toString() {
    return name;
  }
}
