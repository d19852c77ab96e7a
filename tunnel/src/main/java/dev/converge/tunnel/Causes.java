package dev.converge.tunnel;

import java.io.IOException;
import java.net.UnknownHostException;
import javax.net.ssl.SSLException;

/** Exceptions of the JDK, in words for the user. */
final class Causes {
  private static final String PLAIN = "it does not speak TLS; use ws://";

  private Causes() {}

  static String text(IOException e) {
    String message = e.getMessage();
    if (message == null) {
      return e.getClass().getSimpleName();
    }
    return e instanceof UnknownHostException ? "unknown host" : Text.printable(message);
  }

  /** Why TLS was not established; {@code peer} is {@code HOST:PORT}. */
  static IOException tls(IOException e, String peer) {
    String why = Distrust.why(e);
    return why == null
        ? new IOException("no TLS with " + peer + ": " + (isPlain(e) ? PLAIN : text(e)), e)
        : new IOException("the certificate of " + peer + " is refused: " + why, e);
  }

  /** The JDK has no type of its own for an answer that is no TLS record. */
  private static boolean isPlain(IOException e) {
    return e instanceof SSLException
        && String.valueOf(e.getMessage()).contains("unrecognized SSL message");
  }
}
