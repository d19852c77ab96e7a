package dev.converge.relay;

import io.netty.util.ByteProcessor;

/** Whether bytes that come in pieces are UTF-8 (RFC 3629). */
final class Utf8 implements ByteProcessor {
  private static final int TAIL_LOW = 0x80;
  private static final int TAIL_HIGH = 0xbf;

  /** How many bytes of a character are still to come, and what the next one may be. */
  private int missing;

  private int low = TAIL_LOW;
  private int high = TAIL_HIGH;

  /** Takes the next byte; false if no text goes on with it. */
  @Override
  public boolean process(byte value) {
    int octet = Byte.toUnsignedInt(value);
    if (missing > 0) {
      boolean fits = octet >= low && octet <= high;
      next(missing - 1, TAIL_LOW, TAIL_HIGH);
      return fits;
    }
    if (octet < TAIL_LOW) {
      return true;
    }
    if (octet < 0xe0) {
      next(1, TAIL_LOW, TAIL_HIGH);
      return octet >= 0xc2;
    }
    if (octet < 0xf0) {
      // Neither a longer form than needed nor half of a UTF-16 pair.
      next(2, octet == 0xe0 ? 0xa0 : TAIL_LOW, octet == 0xed ? 0x9f : TAIL_HIGH);
      return true;
    }
    next(3, octet == 0xf0 ? 0x90 : TAIL_LOW, octet == 0xf4 ? 0x8f : TAIL_HIGH);
    return octet <= 0xf4;
  }

  private void next(int missing, int low, int high) {
    this.missing = missing;
    this.low = low;
    this.high = high;
  }

  /** Whether no character is cut off here. */
  boolean isWhole() {
    return missing == 0;
  }
}
