package dev.converge.relay;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Answers for a resource: conditional requests and single byte ranges (RFC 9110, 13 and 14). */
final class ResourceAnswers {
  private static final Pattern RANGE = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");

  private ResourceAnswers() {}

  static Answer answer(Resource resource, HttpHeaders request) {
    String known = request.get(HttpHeaderNames.IF_NONE_MATCH);
    if (known != null && matches(known, resource.etag())) {
      return described(
          resource,
          Answer.of(
                  HttpResponseStatus.NOT_MODIFIED,
                  resource.contentType(),
                  resource.slice(0, resource.length()))
              .withoutBody());
    }
    Matcher range = range(resource, request);
    return range == null ? whole(resource) : part(resource, range.group(1), range.group(2));
  }

  private static boolean matches(String known, String etag) {
    return Arrays.stream(known.split(",", -1))
        .map(String::strip)
        .anyMatch(tag -> tag.equals("*") || tag.replaceFirst("^W/", "").equals(etag));
  }

  private static @Nullable Matcher range(Resource resource, HttpHeaders request) {
    String value = request.get(HttpHeaderNames.RANGE);
    String condition = request.get(HttpHeaderNames.IF_RANGE);
    if (value == null || (condition != null && !condition.equals(resource.etag()))) {
      return null;
    }
    Matcher range = RANGE.matcher(value);
    return range.matches() && !(range.group(1).isEmpty() && range.group(2).isEmpty())
        ? range
        : null;
  }

  private static Answer whole(Resource resource) {
    return described(
        resource,
        Answer.of(
            HttpResponseStatus.OK, resource.contentType(), resource.slice(0, resource.length())));
  }

  private static Answer part(Resource resource, String first, String last) {
    long length = resource.length();
    long from =
        first.isEmpty() ? Math.max(0, length - Long.parseLong(last)) : Long.parseLong(first);
    long to = first.isEmpty() || last.isEmpty() ? length - 1 : Long.parseLong(last);
    if (from >= length || to < from) {
      return Answer.line(
              HttpResponseStatus.REQUESTED_RANGE_NOT_SATISFIABLE, "there are " + length + " bytes")
          .with(HttpHeaderNames.CONTENT_RANGE, "bytes */" + length);
    }
    int end = (int) Math.min(to, length - 1) + 1;
    return described(
            resource,
            Answer.of(
                HttpResponseStatus.PARTIAL_CONTENT,
                resource.contentType(),
                resource.slice((int) from, end - (int) from)))
        .with(HttpHeaderNames.CONTENT_RANGE, "bytes " + from + "-" + (end - 1) + "/" + length);
  }

  private static Answer described(Resource resource, Answer answer) {
    return answer
        .with(HttpHeaderNames.ETAG, resource.etag())
        .with(HttpHeaderNames.ACCEPT_RANGES, HttpHeaderValues.BYTES)
        .with(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_CACHE);
  }
}
