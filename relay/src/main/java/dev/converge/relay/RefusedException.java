package dev.converge.relay;

/** A connection was refused; the message is one line for its user. */
final class RefusedException extends Exception {
  private final Refusal refusal;

  RefusedException(Refusal refusal, String message) {
    super(message, null, false, false);
    this.refusal = refusal;
  }

  Refusal refusal() {
    return refusal;
  }
}
