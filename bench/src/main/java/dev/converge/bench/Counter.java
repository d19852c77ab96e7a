package dev.converge.bench;

import java.nio.ByteBuffer;

/** Counts the bytes of payload in what a wire brings. */
interface Counter {
  /** Takes all that the buffer has. */
  void add(ByteBuffer bytes);

  /** So far. */
  long payload();

  /** Where every byte is payload. */
  static Counter raw() {
    return new Counter() {
      private long payload;

      @Override
      public void add(ByteBuffer bytes) {
        payload += bytes.remaining();
        bytes.position(bytes.limit());
      }

      @Override
      public long payload() {
        return payload;
      }
    };
  }
}
