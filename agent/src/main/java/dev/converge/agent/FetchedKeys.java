package dev.converge.agent;

import java.io.IOException;
import java.net.URI;
import java.security.PublicKey;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keys that are published elsewhere, fetched once more when one is not known, at most once a
 * minute. A source that cannot be fetched keeps what it had, so nobody new gets in; but nothing is
 * believed for longer than an hour after it was fetched.
 */
final class FetchedKeys {
  static final Duration PAUSE = Duration.ofMinutes(1);
  static final Duration LONGEST = Duration.ofHours(1);

  private static final Logger LOG = LoggerFactory.getLogger(FetchedKeys.class);

  /** Where texts come from. */
  interface Fetch {
    String get(URI uri) throws IOException;
  }

  /**
   * @param at when they were asked for
   */
  private record Fetched(KeyList keys, long at) {}

  private final List<Source> sources;
  private final Fetch fetch;
  private final LongSupplier nanos;
  private long lastRound;

  /**
   * @param nanos nanoseconds from any fixed point
   */
  FetchedKeys(List<KeyUrl> urls, Fetch fetch, LongSupplier nanos) {
    sources = urls.stream().map(Source::new).toList();
    this.fetch = fetch;
    this.nanos = nanos;
  }

  /**
   * Fetches from all sources, which takes as long as one fetch; returns why some could not be
   * fetched from, a line for each.
   */
  synchronized List<String> fetchAll() {
    lastRound = nanos.getAsLong();
    List<CompletableFuture<Optional<String>>> all =
        sources.stream()
            .map(source -> CompletableFuture.supplyAsync(source::fetch, FetchedKeys::start))
            .toList();
    return all.stream().flatMap(failure -> failure.join().stream()).toList();
  }

  /** How the owner of a key gets in, if so. May take as long as one fetch. */
  Optional<Admission> find(PublicKey key) {
    Optional<Admission> known = known(key);
    if (known.isPresent()) {
      return known;
    }
    fetchAgain();
    return known(key);
  }

  private Optional<Admission> known(PublicKey key) {
    return sources.stream().flatMap(source -> source.find(key).stream()).findFirst();
  }

  /** Whoever comes while another's round is on its way waits for that. */
  private synchronized void fetchAgain() {
    if (nanos.getAsLong() - lastRound >= PAUSE.toNanos()) {
      fetchAll().forEach(failure -> LOG.warn("{}; nobody new gets in", failure));
    }
  }

  private static void start(Runnable task) {
    Thread thread = new Thread(task, "keys");
    thread.setDaemon(true);
    thread.start();
  }

  private final class Source {
    private final KeyUrl url;
    private volatile @Nullable Fetched fetched;

    Source(KeyUrl url) {
      this.url = url;
    }

    Optional<String> fetch() {
      long at = nanos.getAsLong();
      try {
        fetched = new Fetched(parse(fetch.get(url.uri())), at);
        return Optional.empty();
      } catch (IOException | RuntimeException e) {
        return Optional.of("no keys of " + url + ": " + e.getMessage());
      }
    }

    /** A page of words is a failure, not a source without keys. */
    private KeyList parse(String text) throws IOException {
      KeyList keys = KeyList.parse(text);
      if (keys.keys() == 0 && !keys.refused().isEmpty()) {
        throw new IOException("what came is not keys");
      }
      if (keys.entries().isEmpty()) {
        LOG.warn("{}: has no keys that let in", url);
      }
      if (!keys.refused().isEmpty()) {
        LOG.warn("{}: {}", url, keys.complaint());
      }
      return keys;
    }

    Optional<Admission> find(PublicKey key) {
      Fetched now = fetched;
      if (now == null || nanos.getAsLong() - now.at >= LONGEST.toNanos()) {
        return Optional.empty();
      }
      return now.keys.find(key).map(allowed -> Admission.byKey(key, url.name(), allowed));
    }
  }
}
