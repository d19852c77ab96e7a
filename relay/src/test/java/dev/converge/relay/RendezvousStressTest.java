package dev.converge.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.converge.tunnel.SessionId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Agents and clients who come, leave and die in many threads. */
final class RendezvousStressTest {
  private static final int THREADS = 4;
  private static final int VISITS = 20_000;

  /** One who is matched at most once at a time, and never when it has left. */
  private static final class Guest {
    final AtomicInteger matched = new AtomicInteger();
  }

  private final AtomicInteger faults = new AtomicInteger();
  private final AtomicInteger ends = new AtomicInteger();
  private final Rendezvous<Guest, Guest> rendezvous =
      new Rendezvous<>(
          new RendezvousLimits(50, 100, 50, 100, Duration.ZERO), System::nanoTime, this::paired);

  private void paired(Match<Guest, Guest> match) {
    if (match.slot().matched.incrementAndGet() != 1
        || match.client().matched.incrementAndGet() != 1) {
      faults.incrementAndGet();
    }
    match.slot().matched.decrementAndGet();
    match.client().matched.decrementAndGet();
    try {
      switch (ends.incrementAndGet() % 5) {
        case 0 -> match.slotGone();
        case 1 -> match.clientGone();
        default -> match.ended();
      }
    } catch (RefusedException e) {
      // The limits hold for who comes back, too.
    }
  }

  private Void visit(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < VISITS; i++) {
      SessionId id = new SessionId("id" + random.nextInt(5));
      Guest guest = new Guest();
      boolean slot = random.nextBoolean();
      try {
        if (slot) {
          rendezvous.offer(id, Owner.of(null), guest);
        } else {
          rendezvous.await(id, guest);
        }
      } catch (RefusedException e) {
        continue;
      }
      if (random.nextInt(3) > 0) {
        boolean ignored =
            slot ? rendezvous.withdrawSlot(id, guest) : rendezvous.withdrawClient(id, guest);
      }
    }
    return null;
  }

  @Test
  @Timeout(20)
  void nobodyIsMatchedTwiceAndNothingIsLeftBehind() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<Callable<Void>> visits = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        long seed = i;
        visits.add(() -> visit(seed));
      }
      for (Future<Void> visit : threads.invokeAll(visits, 15, TimeUnit.SECONDS)) {
        visit.get();
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(faults).hasValue(0);
    assertThat(ends.get()).isGreaterThan(VISITS / 10);
    for (int i = 0; i < 5; i++) {
      drain(new SessionId("id" + i));
    }
    assertThat(rendezvous.waitingSlots()).isZero();
    assertThat(rendezvous.waitingClients()).isZero();
    assertThat(rendezvous.ids()).isZero();
  }

  /** Meets whoever still waits for an ID until nobody does. */
  private void drain(SessionId id) throws Exception {
    int before;
    do {
      before = ends.get();
      Guest client = new Guest();
      rendezvous.await(id, client);
      rendezvous.withdrawClient(id, client);
      Guest slot = new Guest();
      rendezvous.offer(id, Owner.of(null), slot);
      rendezvous.withdrawSlot(id, slot);
    } while (ends.get() != before);
  }
}
