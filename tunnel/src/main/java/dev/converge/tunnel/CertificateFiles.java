package dev.converge.tunnel;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Certificates in PEM. */
public final class CertificateFiles {
  private static final Set<String> LABELS = Set.of("CERTIFICATE", "X509 CERTIFICATE");

  private CertificateFiles() {}

  /**
   * The certificates of CAs, at least one.
   *
   * @throws IOException if there is none; the message is meant for the user
   */
  public static List<X509Certificate> authorities(Path file) throws IOException {
    return read("CA file", file);
  }

  /**
   * @param what the file is to the user
   */
  static List<X509Certificate> read(String what, Path file) throws IOException {
    try {
      List<X509Certificate> certificates = new ArrayList<>();
      for (Pem.Block block : Pem.read(file)) {
        if (LABELS.contains(block.label())) {
          certificates.add(certificate(block.der()));
        }
      }
      if (certificates.isEmpty()) {
        throw new IOException("no certificate in it (expected: PEM)");
      }
      return certificates;
    } catch (CertificateException e) {
      throw new IOException(named(what, file, "a certificate in it is damaged"), e);
    } catch (IOException e) {
      throw new IOException(named(what, file, String.valueOf(e.getMessage())), e);
    }
  }

  private static X509Certificate certificate(byte[] der) throws CertificateException {
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    return (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(der));
  }

  private static String named(String what, Path file, String why) {
    return what + " " + Text.printable(file.toString()) + ": " + why;
  }
}
