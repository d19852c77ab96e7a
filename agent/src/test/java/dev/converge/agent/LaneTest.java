package dev.converge.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class LaneTest {
  @Test
  void clientThatStillSpeaksWhenTheServerHasEndedIsNotHeard() throws Exception {
    var pool = Executors.newCachedThreadPool();
    var lane = new Lane(pool);
    var done = new ArrayList<String>();
    lane.execute(() -> done.add("in time"));
    pool.shutdown();
    assertThat(pool.awaitTermination(10, TimeUnit.SECONDS)).isTrue();

    lane.execute(() -> done.add("late"));
    lane.execute(() -> done.add("later"));

    assertThat(done).containsExactly("in time");
  }

  @Test
  void taskThatMustNotBlockRunsHereAndTheRestInTurnElsewhere() {
    var pool = new ArrayDeque<Runnable>();
    var lane = new Lane(pool::add);
    var done = new ArrayList<String>();
    lane.executeHere(
        () -> {
          done.add("here, may block: " + lane.mayBlock() + ", last: " + lane.isLast());
          lane.execute(() -> done.add("elsewhere, may block: " + lane.mayBlock()));
          done.add("here, last: " + lane.isLast());
        });
    lane.executeHere(() -> done.add("behind it"));

    assertThat(done).containsExactly("here, may block: false, last: true", "here, last: false");
    assertThat(pool).hasSize(1);
    pool.remove().run();
    assertThat(done.subList(2, done.size()))
        .containsExactly("elsewhere, may block: true", "behind it");
    lane.executeHere(() -> done.add("here again"));
    assertThat(done).endsWith("here again");
    assertThat(pool).isEmpty();
  }
}
