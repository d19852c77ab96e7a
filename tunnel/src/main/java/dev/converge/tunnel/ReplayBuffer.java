package dev.converge.tunnel;

/**
 * The bytes of a stream from the first that is not acknowledged to the last that was written: a
 * ring that grows when it must, up to its bound and as the budget allows.
 *
 * <p>A byte stays where it is until it is released, also for those who hold {@link #array} while
 * the ring grows.
 */
final class ReplayBuffer {
  private static final int FIRST = 1 << 10;

  private final int bound;
  private final ReplayBudget budget;
  private byte[] ring;

  /** The position in the stream of what lies, or would have lain, at index 0. */
  private long origin;

  private long start;
  private long end;

  ReplayBuffer(int bound, ReplayBudget budget) {
    this.bound = bound;
    this.budget = budget;
    ring = new byte[Math.min(bound, FIRST)];
  }

  /** How many bytes may still be written; the budget is others' too, so fewer may be taken. */
  int room() {
    int most =
        budget.allows(ring.length, doubled(ring.length)) ? bound : Math.max(ring.length, own());
    return most - size();
  }

  private int doubled(int length) {
    return (int) Math.min(bound, 2L * length);
  }

  private int own() {
    return Math.min(bound, ReplayBudget.OWN);
  }

  private int size() {
    return (int) (end - start);
  }

  /** The position behind the last byte. */
  long end() {
    return end;
  }

  /** Keeps as many bytes as there is room for; returns how many. */
  int write(byte[] bytes, int offset, int length) {
    int wanted = Math.min(length, bound - size());
    if (size() + wanted > ring.length) {
      grow(size() + wanted);
    }
    int taken = Math.min(wanted, ring.length - size());
    int first = Math.min(taken, ring.length - index(end));
    System.arraycopy(bytes, offset, ring, index(end), first);
    System.arraycopy(bytes, offset + first, ring, 0, taken - first);
    end += taken;
    return taken;
  }

  private void grow(int needed) {
    int length = ring.length;
    while (length < needed && budget.take(length, doubled(length))) {
      length = doubled(length);
    }
    length = Math.max(length, Math.min(needed, own()));
    if (length > ring.length) {
      move(length);
    }
  }

  private void move(int length) {
    byte[] larger = new byte[length];
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

  /** Gives its memory back; what is kept is lost, and nothing may be written any more. */
  void discard() {
    shrink(1);
    start = end;
  }

  /** Forgets what is before {@code position}. */
  void release(long position) {
    start = position;
    if (start == end && ring.length > ReplayBudget.OWN && budget.isScarce()) {
      shrink(FIRST);
    }
  }

  private void shrink(int length) {
    budget.giveBack(ring.length, length);
    ring = new byte[length];
  }
}
