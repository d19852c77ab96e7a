package dev.converge.agent;

import static org.assertj.core.api.Assertions.assertThat;

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
}
