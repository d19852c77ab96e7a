package dev.converge.tunnel;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** A certificate for 127.0.0.1 by the JDK's own tool, for servers of scripts that speak TLS. */
public final class LoopbackTls implements AutoCloseable {
  private static final String PASSWORD = "changeit";

  private final Path directory = Files.createTempDirectory("tls");
  private final Path store = directory.resolve("store.p12");

  public LoopbackTls() throws IOException, InterruptedException {
    String tool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    String made =
        "-genkeypair -alias x -keyalg EC -dname CN=x -ext SAN=ip:127.0.0.1 -storetype PKCS12";
    Process process =
        new ProcessBuilder(command(tool, made))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (!process.waitFor(20, TimeUnit.SECONDS) || process.exitValue() != 0) {
      throw new IOException("keytool has made no certificate");
    }
  }

  private List<String> command(String tool, String made) {
    String all = tool + " " + made + " -storepass " + PASSWORD + " -keystore " + store;
    return List.of(all.split(" ", -1));
  }

  /** What makes a JVM trust it. */
  public List<String> trusting() {
    return List.of(
        "-Djavax.net.ssl.trustStore=" + store, "-Djavax.net.ssl.trustStorePassword=" + PASSWORD);
  }

  public FakeServer serve(FakeServer.Script script) throws IOException, GeneralSecurityException {
    KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
    var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    ServerSocket listener =
        context
            .getServerSocketFactory()
            .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    return new FakeServer(listener, script);
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(store);
    Files.delete(directory);
  }
}
