package dev.converge.relay;

import dev.converge.relay.TokenRefusal.Kind;
import dev.converge.tunnel.Protocol;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http.cookie.Cookie;
import io.netty.handler.codec.http.cookie.ServerCookieDecoder;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The token that a request shows: in the header Authorization, else in the query, else in a cookie.
 * The first of these that is there counts, alone.
 *
 * @param inCookie whether a browser may have sent it for a page of another site
 */
record ShownToken(String text, boolean inCookie) {
  private static final Pattern BEARER = Pattern.compile("(?i)bearer(?: +(.*))?");

  /**
   * Reads it.
   *
   * @throws TokenRefusal if there is none, or one place has two
   */
  static ShownToken of(HttpRequest request) throws TokenRefusal {
    List<String> header = inHeader(request);
    List<String> found = header.isEmpty() ? inQuery(request) : header;
    boolean inCookie = found.isEmpty();
    if (inCookie) {
      found = inCookies(request);
    }
    if (found.isEmpty()) {
      throw new TokenRefusal(
          Kind.MISSING,
          "this relay asks for a token: set CONVERGE_TOKEN to its secret, or give --token-file");
    }
    if (found.size() > 1) {
      throw new TokenRefusal(Kind.AMBIGUOUS, "the token is given twice (expected: once)");
    }
    return new ShownToken(found.get(0), inCookie);
  }

  /** Another scheme is another's business, such as that of a proxy in front. */
  private static List<String> inHeader(HttpRequest request) {
    return request.headers().getAll(HttpHeaderNames.AUTHORIZATION).stream()
        .map(BEARER::matcher)
        .filter(Matcher::matches)
        .map(bearer -> bearer.group(1) == null ? "" : bearer.group(1))
        .toList();
  }

  private static List<String> inQuery(HttpRequest request) throws TokenRefusal {
    try {
      return new QueryStringDecoder(request.uri())
          .parameters()
          .getOrDefault(Protocol.TOKEN_PARAMETER, List.of());
    } catch (IllegalArgumentException e) {
      throw new TokenRefusal(
          Kind.AMBIGUOUS,
          "the query has a broken escape (expected: a percent sign and two hexadecimal digits)");
    }
  }

  private static List<String> inCookies(HttpRequest request) {
    return request.headers().getAll(HttpHeaderNames.COOKIE).stream()
        .flatMap(header -> ServerCookieDecoder.STRICT.decodeAll(header).stream())
        .filter(cookie -> cookie.name().equals(Protocol.TOKEN_PARAMETER))
        .map(Cookie::value)
        .toList();
  }

  /** Without the token. */
  @Override
  public String toString() {
    return "ShownToken";
  }
}
