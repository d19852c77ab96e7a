package dev.converge.agent;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ServerSocketFactory;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * A TLS server's key with a certificate of its own making.
 *
 * @param store the key
 * @param certificate what to trust to trust it, as PEM
 */
record ServerKeys(Path store, Path certificate) {
  private static final String PASSWORD = "changeit";

  /**
   * @param name whom the certificate names, such as {@code IP:127.0.0.1}
   */
  static ServerKeys of(String name, Path directory) throws Exception {
    ServerKeys keys = new ServerKeys(directory.resolve("key.p12"), directory.resolve("cert.pem"));
    keytool(
        keys,
        "-genkeypair",
        "-alias",
        "x",
        "-keyalg",
        "EC",
        "-dname",
        "CN=x",
        "-ext",
        "SAN=" + name,
        "-ext",
        "BC=ca:true");
    keytool(keys, "-exportcert", "-rfc", "-alias", "x", "-file", keys.certificate.toString());
    return keys;
  }

  private static void keytool(ServerKeys keys, String... arguments) throws Exception {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(arguments));
    command.addAll(List.of("-keystore", keys.store.toString(), "-storepass", PASSWORD));
    Process keytool =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(keys.store.resolveSibling("keytool.log").toFile())
            .start();
    if (!keytool.waitFor(30, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
      throw new AssertionError(Files.readString(keys.store.resolveSibling("keytool.log")));
    }
  }

  ServerSocketFactory sockets() throws Exception {
    return context().getServerSocketFactory();
  }

  SSLContext context() throws Exception {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context;
  }
}
