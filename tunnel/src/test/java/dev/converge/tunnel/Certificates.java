package dev.converge.tunnel;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** Makes a CA and what it signs, with the JDK's own keytool, in a directory of the test. */
final class Certificates {
  private static final String PASSWORD = "changeit";

  private final Path directory;
  private final Set<String> made = new HashSet<>();

  Certificates(Path directory) {
    this.directory = directory;
  }

  /** A CA; returns its PEM file. */
  Path ca(String name) throws IOException {
    keytool("-genkeypair", "-alias", name, "-dname", "CN=" + name, "-keyalg", "EC", "-ext", "bc:c");
    keytool("-exportcert", "-rfc", "-alias", name, "-file", name + ".pem");
    return directory.resolve(name + ".pem");
  }

  /** A TLS server on loopback whose certificate is for {@code name}, signed by {@code ca}. */
  FakeServer server(String ca, String name, FakeServer.Script script) throws IOException {
    String alias = "server-" + name;
    if (made.add(alias)) {
      make(alias, ca, name);
    }
    return new FakeServer(listener(alias), script);
  }

  private void make(String alias, String ca, String name) throws IOException {
    keytool("-genkeypair", "-alias", alias, "-dname", "CN=" + name, "-keyalg", "EC");
    keytool("-certreq", "-alias", alias, "-file", "request");
    String san = "san=" + (name.matches("[0-9.]+") ? "ip:" : "dns:") + name;
    keytool("-gencert", "-alias", ca, "-ext", san, "-infile", "request", "-outfile", "signed");
    keytool("-importcert", "-alias", alias, "-file", "signed");
  }

  private ServerSocket listener(String alias) throws IOException {
    try (InputStream in = Files.newInputStream(directory.resolve("keys"))) {
      KeyStore all = KeyStore.getInstance("PKCS12");
      all.load(in, PASSWORD.toCharArray());
      KeyStore one = KeyStore.getInstance("PKCS12");
      one.load(null, null);
      char[] password = PASSWORD.toCharArray();
      one.setKeyEntry(alias, all.getKey(alias, password), password, all.getCertificateChain(alias));
      KeyManagerFactory keys =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(one, password);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), null, null);
      InetAddress loopback = InetAddress.getLoopbackAddress();
      return context.getServerSocketFactory().createServerSocket(0, 50, loopback);
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  private void keytool(String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(arguments));
    command.addAll(List.of("-keystore", "keys", "-storepass", PASSWORD, "-noprompt"));
    Path log = directory.resolve("log");
    Process process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IOException("keytool: " + Files.readString(log));
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }
}
