package dev.converge.relay;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;

/** Why a request was not let in; the message is one line for its user. */
final class TokenRefusal extends Exception {
  /** What is wrong. */
  enum Kind {
    /** No token is shown. */
    MISSING,
    /** The token does not count. */
    INVALID,
    /** It is not clear which token is shown. */
    AMBIGUOUS,
    /** A page of another site may have made the browser show it. */
    OTHER_SITE,
    /** The relay remembers as many tokens as it can. */
    TOO_MANY
  }

  private final Kind kind;

  TokenRefusal(Kind kind, String message) {
    super(message, null, false, false);
    this.kind = kind;
  }

  static TokenRefusal invalid(String message) {
    return new TokenRefusal(Kind.INVALID, message);
  }

  Kind kind() {
    return kind;
  }

  Answer answer() {
    return switch (kind) {
      case MISSING -> challenge(HttpResponseStatus.UNAUTHORIZED, "");
      case INVALID -> challenge(HttpResponseStatus.UNAUTHORIZED, ", error=\"invalid_token\"");
      case AMBIGUOUS -> challenge(HttpResponseStatus.BAD_REQUEST, ", error=\"invalid_request\"");
      case OTHER_SITE -> Answer.line(HttpResponseStatus.FORBIDDEN, line());
      case TOO_MANY -> Answer.busy(line());
    };
  }

  /** As RFC 6750, section 3, has it. */
  private Answer challenge(HttpResponseStatus status, String error) {
    return Answer.line(status, line())
        .with(HttpHeaderNames.WWW_AUTHENTICATE, "Bearer realm=\"converge\"" + error);
  }

  private String line() {
    return String.valueOf(getMessage());
  }
}
