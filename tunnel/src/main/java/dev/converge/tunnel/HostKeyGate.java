package dev.converge.tunnel;

/**
 * Lets the bytes of an SSH server through to the client only as long as the server shows the pinned
 * host key or has yet to show one. No packet passes before it is checked; once the server encrypts,
 * all that comes passes as it is.
 *
 * <p>Sans-I/O; for the one thread that receives. {@link KeyExchange} says why this is enough.
 */
final class HostKeyGate {
  private enum State {
    IDENTIFICATION,
    KEY_EXCHANGE,
    OPEN,
    SHUT
  }

  private final KeyExchange exchange;
  private final SshIdentification identification = new SshIdentification();
  private final SshPacket packet = new SshPacket();
  private State state = State.IDENTIFICATION;

  HostKeyGate(HostKeyPin pin) {
    exchange = new KeyExchange(pin);
  }

  /**
   * Checks bytes of the server and hands on those that may pass, now or together with later ones.
   *
   * @throws UntrustedServer if it is not the pinned server; nothing passes any more
   */
  void pass(byte[] bytes, int offset, int length, Link.Sink client) throws UntrustedServer {
    try {
      int end = offset + length;
      for (int next = offset; next < end; ) {
        next += step(bytes, next, end - next, client);
      }
    } catch (UntrustedServer e) {
      state = State.SHUT;
      throw e;
    }
  }

  /** Returns how many of the bytes it has dealt with. */
  private int step(byte[] bytes, int offset, int length, Link.Sink client) throws UntrustedServer {
    return switch (state) {
      case IDENTIFICATION -> text(bytes, offset, length, client);
      case KEY_EXCHANGE -> packet(bytes, offset, length, client);
      case OPEN -> {
        client.accept(bytes, offset, length);
        yield length;
      }
      case SHUT -> length;
    };
  }

  /** Text passes without waiting for its end: what a server says instead of SSH is for the user. */
  private int text(byte[] bytes, int offset, int length, Link.Sink client) throws UntrustedServer {
    int taken = 0;
    while (taken < length && !identification.complete()) {
      identification.accept(bytes[offset + taken]);
      taken++;
    }
    client.accept(bytes, offset, taken);
    state = identification.complete() ? State.KEY_EXCHANGE : state;
    return taken;
  }

  private int packet(byte[] bytes, int offset, int length, Link.Sink client)
      throws UntrustedServer {
    int taken = packet.take(bytes, offset, length);
    if (packet.complete()) {
      exchange.check(packet.payload());
      packet.handOn(client);
      state = exchange.over() ? State.OPEN : state;
    }
    return taken;
  }
}
