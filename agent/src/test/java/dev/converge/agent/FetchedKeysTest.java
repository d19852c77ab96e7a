package dev.converge.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
final class FetchedKeysTest {
  private static final KeyUrl ONE = KeyUrl.ofUser("GitHub", "https://one", "u");
  private static final KeyUrl TWO = KeyUrl.parse("https://two/keys?secret");

  private final Map<URI, String> texts = new ConcurrentHashMap<>();
  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5); // a clock may wrap
  private final AtomicInteger requests = new AtomicInteger();
  private KeyPair mine;
  private KeyPair other;

  @BeforeEach
  void makeKeys() throws Exception {
    mine = KeyUtils.generateKeyPair("ecdsa-sha2-nistp256", 256);
    other = KeyUtils.generateKeyPair("ecdsa-sha2-nistp256", 256);
  }

  private String get(URI uri) throws IOException {
    requests.incrementAndGet();
    String text = texts.get(uri);
    if (text == null) {
      throw new IOException("HTTP 404");
    }
    return text;
  }

  private FetchedKeys keys(KeyUrl... urls) {
    FetchedKeys keys = new FetchedKeys(List.of(urls), this::get, now::get);
    failures = keys.fetchAll();
    return keys;
  }

  private List<String> failures = List.of();

  private static String line(KeyPair key) {
    return PublicKeyEntry.toString(key.getPublic()) + " somebody\n";
  }

  private void pass(Duration time) {
    now.addAndGet(time.toNanos());
  }

  @Test
  void keyOfAnySourceGetsInAndTheLogSaysOfWhich() {
    texts.put(ONE.uri(), line(mine));
    texts.put(TWO.uri(), "# mine\n\nrestrict " + line(other));
    FetchedKeys keys = keys(ONE, TWO);

    assertThat(failures).isEmpty();
    assertThat(keys.find(mine.getPublic()))
        .contains(
            new Admission(
                Permissions.ALL,
                "key " + Admission.fingerprint(mine.getPublic()) + " of GitHub user u"));
    Admission restricted = keys.find(other.getPublic()).orElseThrow();
    assertThat(restricted.with()).endsWith(" of https://two/keys");
    assertThat(restricted.permissions().forwarding()).isFalse();
    assertThat(requests).hasValue(2);
  }

  @Test
  void unknownKeyIsAskedForOnceAMinuteAtMost() {
    texts.put(ONE.uri(), "");
    FetchedKeys keys = keys(ONE);
    texts.put(ONE.uri(), line(mine));

    pass(Duration.ofSeconds(59));
    assertThat(keys.find(mine.getPublic())).isEmpty();
    assertThat(requests).hasValue(1);

    pass(Duration.ofSeconds(1));
    assertThat(keys.find(mine.getPublic())).isPresent();
    assertThat(keys.find(other.getPublic())).isEmpty();
    assertThat(requests).hasValue(2);

    pass(Duration.ofSeconds(61));
    assertThat(keys.find(mine.getPublic())).isPresent();
    assertThat(requests).as("a known key asks for nothing").hasValue(2);
  }

  @Test
  void keyThatWasTakenAwayIsOutWithTheNextFetch() {
    texts.put(ONE.uri(), line(mine));
    FetchedKeys keys = keys(ONE);
    texts.put(ONE.uri(), "");
    pass(FetchedKeys.PAUSE);

    assertThat(keys.find(other.getPublic())).isEmpty();
    assertThat(keys.find(mine.getPublic())).isEmpty();
  }

  @Test
  void failedFetchLetsNobodyNewInAndTheOldForAnHour() {
    texts.put(ONE.uri(), line(mine));
    FetchedKeys keys = keys(ONE);
    texts.clear();
    pass(FetchedKeys.PAUSE);

    assertThat(keys.find(other.getPublic())).isEmpty();
    assertThat(requests).hasValue(2);
    assertThat(keys.find(mine.getPublic())).isPresent();

    pass(FetchedKeys.LONGEST);
    assertThat(keys.find(mine.getPublic())).isEmpty();
    assertThat(requests).hasValue(3);

    texts.put(ONE.uri(), line(mine));
    pass(FetchedKeys.PAUSE);
    assertThat(keys.find(mine.getPublic())).isPresent();
  }

  @Test
  void sourceThatFailsAtTheStartIsToldAndTriedAgain() {
    texts.put(TWO.uri(), line(other));
    FetchedKeys keys = keys(ONE, TWO);
    assertThat(failures).containsExactly("no keys of GitHub user u: HTTP 404");
    assertThat(keys.find(other.getPublic())).isPresent();

    texts.put(ONE.uri(), line(mine));
    pass(FetchedKeys.PAUSE);
    assertThat(keys.find(mine.getPublic())).isPresent();
  }

  @Test
  void pageInsteadOfKeysIsAFailureAndAnEmptyListIsNot() {
    texts.put(ONE.uri(), "<!DOCTYPE html>\n<html><body>Sign in</body></html>\n");
    texts.put(TWO.uri(), "\n");
    keys(ONE, TWO);
    assertThat(failures).containsExactly("no keys of GitHub user u: what came is not keys");
  }

  @Test
  void lineThatIsNotUnderstoodLetsNobodyIn() {
    texts.put(ONE.uri(), "from=\"10.0.0.0/8\" " + line(mine) + line(other));
    FetchedKeys keys = keys(ONE);
    assertThat(failures).isEmpty();
    assertThat(keys.find(mine.getPublic())).isEmpty();
    assertThat(keys.find(other.getPublic())).isPresent();
  }

  @Test
  void manyUnknownKeysAtOnceShareOneFetchAndHoldUpNoKnownKey() throws Exception {
    texts.put(ONE.uri(), line(mine));
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    FetchedKeys keys =
        new FetchedKeys(
            List.of(ONE),
            uri -> {
              String text = get(uri);
              if (requests.get() > 1) {
                begun.countDown();
                awaitUnchecked(go);
              }
              return text;
            },
            now::get);
    keys.fetchAll();
    pass(FetchedKeys.PAUSE);
    texts.put(ONE.uri(), line(mine) + line(other));

    var pool = Executors.newFixedThreadPool(4);
    try {
      List<Future<Boolean>> found =
          java.util.stream.Stream.generate(
                  () -> pool.submit(() -> keys.find(other.getPublic()).isPresent()))
              .limit(4)
              .toList();
      assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
      assertThat(keys.find(mine.getPublic())).isPresent();
      go.countDown();
      for (Future<Boolean> each : found) {
        assertThat(each.get(10, TimeUnit.SECONDS)).isTrue();
      }
      assertThat(requests).hasValue(2);
    } finally {
      go.countDown();
      pool.shutdownNow();
    }
  }

  private static void awaitUnchecked(CountDownLatch latch) {
    try {
      assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
