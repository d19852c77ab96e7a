package dev.converge.agent;

import dev.converge.tunnel.Distrust;
import dev.converge.tunnel.Text;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.proxy.HttpProxyHandler;
import io.netty.handler.ssl.NotSslRecordException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** What went wrong with a connection, in words for the user. */
final class Reasons {
  private Reasons() {}

  /** A line without class names as far as they can be avoided. */
  static String of(Throwable failure) {
    Throwable cause = root(failure);
    String message = cause.getMessage() == null ? "" : Text.printable(cause.getMessage());
    String distrust = Distrust.why(cause);
    if (distrust != null) {
      return "its certificate is refused: " + distrust;
    }
    if (isPlain(cause)) {
      return "it does not speak TLS; use ws://";
    }
    if (cause instanceof UnknownHostException) {
      return "unknown host " + message;
    }
    if (cause instanceof ConnectTimeoutException || cause instanceof TimeoutException) {
      return "no answer in time";
    }
    if (cause instanceof HttpProxyHandler.HttpProxyConnectException) {
      return "the proxy refused: " + message.replaceFirst(".*status: ", "");
    }
    if (cause instanceof ConnectException) {
      return "connection refused";
    }
    return message.isEmpty() ? cause.getClass().getSimpleName() : message;
  }

  /** Whether the peer's certificate was not accepted, which another attempt would not change. */
  static boolean isDistrust(@Nullable Throwable failure) {
    return Distrust.why(failure) != null;
  }

  /** Whether the peer answered something else than TLS. */
  static boolean isPlain(Throwable failure) {
    return root(failure) instanceof NotSslRecordException;
  }

  /** The failure itself, without what Netty wraps around it. */
  static Throwable root(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null
        && (cause instanceof DecoderException || cause instanceof CompletionException)) {
      cause = cause.getCause();
    }
    return cause;
  }
}
