package dev.converge.relay;

import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslProvider;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a relay speaks TLS.
 *
 * @param engine who does the cryptography
 * @param poll how often to look whether the files have changed
 * @param redirectPort where plain HTTP is sent on from; 0 is any, null is nowhere
 */
record TlsSettings(
    TlsFiles files, SslProvider engine, Duration poll, @Nullable Integer redirectPort) {
  /** BoringSSL where its native part loads, the JDK otherwise. */
  static SslProvider bestEngine() {
    return OpenSsl.isAvailable() ? SslProvider.OPENSSL_REFCNT : SslProvider.JDK;
  }

  /** The engine's name for people. */
  String engineName() {
    return engine == SslProvider.JDK
        ? "Java " + Runtime.version().feature()
        : OpenSsl.versionString();
  }
}
