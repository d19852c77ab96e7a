package dev.converge.bench;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/**
 * The certificate of a run, which all servers show: P-256, made by openssl.
 *
 * @param chain PEM file of the certificate
 * @param key PEM file of its key
 * @param both PEM file of both, as HAProxy wants it
 */
record Certificate(Path chain, Path key, Path both, SSLContext context) {
  private static final String PASSWORD = "changeit";
  private static final String[] CIPHERS = {"TLS_AES_256_GCM_SHA384"};

  static Certificate make(Scene scene) throws Exception {
    Path chain = scene.directory().resolve("cert.pem");
    Path key = scene.directory().resolve("key.pem");
    Path store = scene.directory().resolve("keys.p12");
    Command.run(
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-subj",
        "/CN=127.0.0.1",
        "-addext",
        "subjectAltName=IP:127.0.0.1",
        "-days",
        "2",
        "-keyout",
        key.toString(),
        "-out",
        chain.toString());
    Command.run(
        "openssl",
        "pkcs12",
        "-export",
        "-in",
        chain.toString(),
        "-inkey",
        key.toString(),
        "-passout",
        "pass:" + PASSWORD,
        "-out",
        store.toString());
    Path both = scene.file("both.pem", Files.readString(chain) + Files.readString(key));
    return new Certificate(chain, key, both, context(store));
  }

  private static SSLContext context(Path file) throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, PASSWORD.toCharArray());
    }
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("bench", store.getCertificate(store.aliases().nextElement()));
    KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(store, PASSWORD.toCharArray());
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }

  /** Wraps a connection; one cipher for all, so that all do the same work. */
  TlsWire wrap(SocketChannel channel, boolean client) throws IOException {
    Socket tcp = channel.socket();
    SSLSocket tls =
        (SSLSocket) context.getSocketFactory().createSocket(tcp, "127.0.0.1", tcp.getPort(), true);
    tls.setUseClientMode(client);
    tls.setEnabledCipherSuites(CIPHERS);
    return new TlsWire(tcp, tls);
  }
}
