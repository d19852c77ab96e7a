package dev.converge.agent;

import dev.converge.cli.Failure;
import dev.converge.tunnel.Text;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Whom to believe: TLS 1.2 and 1.3, certificates that name their host. */
final class Trust {
  private Trust() {}

  /**
   * @param caFile a PEM file with the certificates to trust instead of the JDK's
   * @throws Failure if it cannot be used
   */
  static SslContext in(@Nullable Path caFile) {
    SslContextBuilder builder =
        SslContextBuilder.forClient()
            .sslProvider(SslProvider.JDK)
            .protocols("TLSv1.3", "TLSv1.2")
            .endpointIdentificationAlgorithm("HTTPS");
    try {
      return (caFile == null ? builder : builder.trustManager(caFile.toFile())).build();
    } catch (IllegalArgumentException | SSLException e) {
      throw new Failure(
          "CA file " + Text.printable(String.valueOf(caFile)) + ": " + why(caFile), e);
    }
  }

  private static String why(@Nullable Path caFile) {
    return caFile != null && Files.isReadable(caFile)
        ? "no certificates in it (expected: PEM)"
        : "not readable";
  }
}
