package dev.converge.relay;

import dev.converge.tunnel.Text;
import io.netty.channel.Channel;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The relay's end of TLS, with the certificate that is in its files now: a new connection gets the
 * new one, an old connection keeps what it has.
 */
final class ServerTls implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ServerTls.class);

  /** Only such as hide earlier connections from whoever learns the key later, and authenticate. */
  private static final List<String> CIPHERS =
      List.of(
          "TLS_AES_128_GCM_SHA256",
          "TLS_AES_256_GCM_SHA384",
          "TLS_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

  private final TlsSettings settings;
  private final Duration handshake;
  private final ScheduledExecutorService watch =
      Executors.newSingleThreadScheduledExecutor(ServerTls::thread);

  /** The files as they were when the context was made. Confined to the thread of the watch. */
  private String loaded;

  private String refused = "";
  private boolean warned;
  private SslContext context; // guarded by this

  /**
   * Reads the files and begins to watch them.
   *
   * @param handshake how long one may take
   * @throws IOException if they cannot be used; the message is meant for the user
   */
  ServerTls(TlsSettings settings, Duration handshake) throws IOException {
    this.settings = settings;
    this.handshake = handshake;
    loaded = settings.files().fingerprint();
    TlsFiles.Content content = settings.files().read();
    context = context(content, settings.engine());
    LOG.info("TLS by {}, with {}", settings.engineName(), described(content));
    long poll = settings.poll().toMillis();
    watch.scheduleWithFixedDelay(this::look, poll, poll, TimeUnit.MILLISECONDS);
  }

  private static Thread thread(Runnable task) {
    Thread thread = new Thread(task, "certificates");
    thread.setDaemon(true);
    return thread;
  }

  private static SslContext context(TlsFiles.Content content, SslProvider engine)
      throws IOException {
    if (engine == SslProvider.JDK) {
      // Read by the JDK at its first handshake: BoringSSL lets no client ask for another one.
      System.setProperty("jdk.tls.rejectClientInitiatedRenegotiation", "true");
    }
    SslContextBuilder builder =
        SslContextBuilder.forServer(content.identity().key(), content.identity().chain())
            .sslProvider(engine)
            .protocols("TLSv1.3", "TLSv1.2")
            .ciphers(CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
            .applicationProtocolConfig(
                new ApplicationProtocolConfig(
                    Protocol.ALPN,
                    SelectorFailureBehavior.NO_ADVERTISE,
                    SelectedListenerFailureBehavior.ACCEPT,
                    ApplicationProtocolNames.HTTP_1_1));
    if (!content.authorities().isEmpty()) {
      builder.trustManager(content.authorities()).clientAuth(ClientAuth.REQUIRE);
    }
    return builder.build();
  }

  private static String described(TlsFiles.Content content) {
    X509Certificate certificate = content.identity().certificate();
    return "the certificate of "
        + Text.printable(certificate.getSubjectX500Principal().getName())
        + ", serial number "
        + certificate.getSerialNumber().toString(16)
        + ", valid until "
        + certificate.getNotAfter().toInstant()
        + (content.authorities().isEmpty() ? "" : "; clients must show one, too");
  }

  /** Files that do not fit may be half-way replaced: they are mentioned if that stays so. */
  private void look() {
    String now = settings.files().fingerprint();
    if (now.equals(loaded)) {
      refused = "";
      return;
    }
    if (!now.equals(refused)) {
      warned = false;
    }
    try {
      TlsFiles.Content content = settings.files().read();
      replace(context(content, settings.engine()));
      loaded = now;
      LOG.info("TLS goes on with {}", described(content));
    } catch (IOException | RuntimeException e) {
      if (now.equals(refused) && !warned) {
        warned = true;
        LOG.warn("TLS goes on with the old certificate: {}", e.getMessage());
      }
      refused = now;
    }
  }

  private synchronized void replace(SslContext next) {
    ReferenceCountUtil.release(context);
    context = next;
  }

  /** What encrypts one connection. */
  synchronized SslHandler newHandler(Channel channel) {
    SslHandler handler = context.newHandler(channel.alloc());
    handler.setHandshakeTimeoutMillis(handshake.toMillis());
    return handler;
  }

  /** Stops to watch; no connection may begin any more. Does nothing if it is closed. */
  @Override
  public void close() {
    if (watch.isShutdown()) {
      return;
    }
    watch.shutdownNow();
    try {
      if (!watch.awaitTermination(1, TimeUnit.SECONDS)) {
        LOG.debug("the certificates are still being read");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    synchronized (this) {
      ReferenceCountUtil.release(context);
    }
  }
}
