package dev.converge.agent;

import dev.converge.cli.Failure;
import dev.converge.tunnel.TlsConfig;
import dev.converge.tunnel.TlsCredentials;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Whom to believe, and who to be: TLS 1.2 and 1.3, certificates that name their host. */
final class Trust {
  private final TlsConfig config;
  private @Nullable Loaded loaded; // guarded by this

  private Trust(TlsConfig config) {
    this.config = config;
  }

  private record Loaded(SslContext context, TlsCredentials credentials) {}

  /**
   * What files say is read at once; all else when TLS is spoken, as that takes a while.
   *
   * @throws Failure if a file cannot be used
   */
  static Trust in(TlsConfig config) {
    Trust trust = new Trust(config);
    if (config.caFile() != null || config.certFile() != null) {
      trust.load();
    }
    return trust;
  }

  /**
   * Makes ready for TLS; not for an event loop.
   *
   * @throws Failure if there is none
   */
  void load() {
    var unused = loaded();
  }

  private synchronized Loaded loaded() {
    if (loaded == null) {
      loaded = load(config);
    }
    return loaded;
  }

  private static Loaded load(TlsConfig config) {
    try {
      TlsCredentials credentials = TlsCredentials.load(config);
      SslContext context =
          SslContextBuilder.forClient()
              .sslProvider(SslProvider.JDK)
              .protocols("TLSv1.3", "TLSv1.2")
              .endpointIdentificationAlgorithm("HTTPS")
              .trustManager(credentials.trust())
              .keyManager(credentials.keys())
              .build();
      return new Loaded(context, credentials);
    } catch (IOException e) {
      throw new Failure(String.valueOf(e.getMessage()), e);
    }
  }

  SslHandler newHandler(Channel channel, String host, int port) {
    return loaded().context().newHandler(channel.alloc(), host, port);
  }

  /** The cause of a failure, or what it means if a server wanted a certificate. */
  Throwable explained(Throwable cause, ChannelPipeline pipeline) {
    for (Map.Entry<String, ChannelHandler> entry : pipeline) {
      if (entry.getValue() instanceof SslHandler tls) {
        String refusal = loaded().credentials().refusal(tls.engine(), Reasons.root(cause));
        if (refusal != null) {
          return new TlsRefusal(refusal, cause);
        }
      }
    }
    return cause;
  }
}
