package dev.converge.relay;

import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import javax.net.ssl.SSLSocket;

/** What lies between a test and its relay. */
enum Security {
  NONE(null),
  JDK(SslProvider.JDK),
  BORINGSSL(SslProvider.OPENSSL_REFCNT);

  private static final Duration POLL = Duration.ofMillis(20);

  private final SslProvider engine;

  Security(SslProvider engine) {
    this.engine = engine;
  }

  /** For a relay with the certificate that all tests trust; null for none. */
  TlsSettings settings() {
    return this == NONE ? null : settings(TestCertificates.FILES);
  }

  TlsSettings settings(TlsFiles files) {
    return new TlsSettings(files, engine, POLL, null);
  }

  String scheme(String plain) {
    return this == NONE ? plain : plain + "s";
  }

  /** A connection's streams, as a program at the other end has them. */
  Socket over(Socket connected) throws IOException {
    if (this == NONE) {
      return connected;
    }
    SSLSocket socket =
        (SSLSocket)
            TestCertificates.TRUSTING
                .getSocketFactory()
                .createSocket(connected, "127.0.0.1", connected.getPort(), true);
    socket.startHandshake();
    return socket;
  }
}
