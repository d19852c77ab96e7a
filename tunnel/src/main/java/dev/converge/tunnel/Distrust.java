package dev.converge.tunnel;

import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import org.jspecify.annotations.Nullable;

/** Why a peer's certificate was not accepted, in words for the user. */
public final class Distrust {
  private Distrust() {}

  /** What is wrong with the certificate; null if the failure has to do with something else. */
  public static @Nullable String why(@Nullable Throwable failure) {
    CertificateException refused = find(CertificateException.class, failure);
    if (refused == null) {
      return null;
    }
    if (find(CertificateExpiredException.class, failure) != null) {
      return "it has expired";
    }
    if (find(CertificateNotYetValidException.class, failure) != null) {
      return "it is not valid yet; is this machine's clock right?";
    }
    return refused.getClass().getName().endsWith("ValidatorException")
        ? "its CA is not a known one; give a private CA with --ca-file"
        : Text.printable(String.valueOf(refused.getMessage()));
  }

  private static <T extends Throwable> @Nullable T find(
      Class<T> type, @Nullable Throwable failure) {
    if (failure == null) {
      return null;
    }
    return type.isInstance(failure) ? type.cast(failure) : find(type, failure.getCause());
  }
}
