package dev.converge.tunnel;

/**
 * The bytes of a stream from the first that is not acknowledged to the last that was written: a
 * ring that grows when it must, up to its bound.
 *
 * <p>A byte stays where it is until it is released, also for those who hold {@link #array} while
 * the ring grows.
 */
final class ReplayBuffer {
  private static final int FIRST = 1 << 10;

  private final int bound;
  private byte[] ring;

  /** The position in the stream of what lies, or would have lain, at index 0. */
  private long origin;

  private long start;
  private long end;

  ReplayBuffer(int bound) {
    this.bound = bound;
    ring = new byte[Math.min(bound, FIRST)];
  }

  /** How many bytes may still be written. */
  int room() {
    return bound - size();
  }

  private int size() {
    return (int) (end - start);
  }

  /** The position behind the last byte. */
  long end() {
    return end;
  }

  /** Keeps bytes, for which there must be room. */
  void write(byte[] bytes, int offset, int length) {
    if (length > room()) {
      throw new IllegalArgumentException("length: " + length + " (expected: <= " + room() + ")");
    }
    if (size() + length > ring.length) {
      grow(size() + length);
    }
    int first = Math.min(length, ring.length - index(end));
    System.arraycopy(bytes, offset, ring, index(end), first);
    System.arraycopy(bytes, offset + first, ring, 0, length - first);
    end += length;
  }

  private void grow(int needed) {
    byte[] larger = new byte[(int) Math.min(bound, Math.max(needed, 2L * ring.length))];
    int first = contiguous(start, size());
    System.arraycopy(ring, index(start), larger, 0, first);
    System.arraycopy(ring, 0, larger, first, size() - first);
    ring = larger;
    origin = start;
  }

  /** How many bytes lie in one piece from {@code position} on. */
  int contiguous(long position, int limit) {
    int rest = (int) Math.min(limit, end - position);
    return Math.min(rest, ring.length - index(position));
  }

  /** Where in {@link #array} the byte at a position lies. */
  int index(long position) {
    return (int) ((position - origin) % ring.length);
  }

  byte[] array() {
    return ring;
  }

  /** Gives its memory back; nothing may be kept, and nothing is written any more. */
  void discard() {
    ring = new byte[1];
  }

  /** Forgets what is before {@code position}. */
  void release(long position) {
    start = position;
  }
}
