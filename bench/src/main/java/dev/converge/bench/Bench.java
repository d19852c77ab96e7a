package dev.converge.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What all figures of a run share. */
final class Bench {
  private final Settings settings;
  private final Scene scene;
  private final Results results;
  private @Nullable Certificate certificate;

  Bench(Settings settings, Scene scene, Results results) {
    this.settings = settings;
    this.scene = scene;
    this.results = results;
  }

  Settings settings() {
    return settings;
  }

  Scene scene() {
    return scene;
  }

  Results results() {
    return results;
  }

  Peers peers() {
    return new Peers(scene);
  }

  Certificate certificate() throws Exception {
    Certificate made = certificate;
    if (made == null) {
      made = Certificate.make(scene);
      certificate = made;
    }
    return made;
  }

  /** What is done with one peer in one round. */
  @FunctionalInterface
  interface Step<T> {
    void measure(T peer, boolean counts) throws Exception;
  }

  /**
   * Each peer in each round, with another one first each time: what changes slowly on the machine
   * hurts all alike. A round that does not count comes first.
   */
  <T> void rounds(List<T> peers, Step<T> step) throws Exception {
    List<T> order = new ArrayList<>(peers);
    for (int round = 0; round <= settings.rounds(); round++) {
      for (T peer : order) {
        step.measure(peer, round > 0);
      }
      Collections.rotate(order, 1);
    }
  }

  void progress(String line) {
    System.err.println("bench: " + line);
  }
}
