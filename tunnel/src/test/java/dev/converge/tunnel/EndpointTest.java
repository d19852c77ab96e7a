package dev.converge.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class EndpointTest {
  private static final String PIN = "SHA256:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

  @ParameterizedTest
  @CsvSource({
    "ws://host:4774/client/a, ws://host:4774/client/a",
    "http://host/client/a, ws://host/client/a",
    "https://host:443/client/a, wss://host/client/a",
    "WSS://host:80/client/A.b_c-9?wait=3, wss://host:80/client/A.b_c-9?wait=3",
    "ws://[::1]:4774/client/a, ws://[::1]:4774/client/a",
  })
  void urlKeepsWhatMatters(String url, String expected) {
    assertThat(Endpoint.parse(url, Role.CLIENT)).hasToString(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "host",
        "ftp://host/client/a",
        "ws://host",
        "ws://host/",
        "ws://host/agent/a",
        "ws://host/client/",
        "ws://host/client/a/b",
        "ws://host/client/a%20b",
        "ws:///client/a",
        "ws://user@host/client/a",
        "ws://host/client/a#x",
        "ws://host:0/client/a",
        "ws://host:65536/client/a",
        "ws://host/client/ä",
        "ws://ho st/client/a",
      })
  void anythingElseIsRefusedWithWhatWasExpected(String url) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Endpoint.parse(url, Role.CLIENT))
        .withMessageContaining("(expected: ");
  }

  @Test
  void pinIsKeptApartFromTheRequest() {
    Endpoint endpoint = Endpoint.parse("wss://h/client/a?b=1" + "#" + PIN, Role.CLIENT);

    assertThat(endpoint.pin()).hasToString(PIN);
    assertThat(endpoint).hasToString("wss://h/client/a?b=1#" + PIN);
    assertThat(endpoint.requestTarget()).isEqualTo("/client/a?b=1");
    assertThat(endpoint.authority()).isEqualTo("h");
    assertThat(endpoint.waiting(Duration.ofSeconds(3)))
        .hasToString("wss://h/client/a?b=1&wait=3#" + PIN);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "SHA256:",
        "sha256:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
        "MD5:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
        "SHA256:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
        "SHA256:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh9",
        "SHA256:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh",
        "SHA256:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh88",
        "SHA256:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBka-xwdHh8",
        "SHA256%3AAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
      })
  void pinOfAnyOtherFormIsRefused(String pin) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Endpoint.parse("ws://h/client/a#" + pin, Role.CLIENT))
        .withMessageMatching(
            "host key in the URL: '.*' \\(expected: #SHA256: and 43 characters, as .*\\)");
  }

  @Test
  void agentHasNoPin() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Endpoint.parse("ws://h/agent/a#" + PIN, Role.AGENT))
        .withMessageEndingWith("(expected: ws[s]://HOST[:PORT]/agent/ID)");
    Endpoint agent = Endpoint.parse("ws://h/agent/a?secret=1", Role.AGENT);
    assertThat(agent.as(Role.CLIENT).pinnedTo(new HostKeyPin(PIN)))
        .hasToString("ws://h/client/a#" + PIN);
  }

  @Test
  void relayUrlIsCompletedWithTheGivenId() {
    Endpoint endpoint = Endpoint.parse("ws://host:1", Role.AGENT, new SessionId("x"));

    assertThat(endpoint).hasToString("ws://host:1/agent/x");
    assertThat(endpoint.as(Role.CLIENT)).hasToString("ws://host:1/client/x");
  }

  @Test
  void twoDifferentIdsAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Endpoint.parse("ws://h/agent/a", Role.AGENT, new SessionId("b")))
        .withMessage("ID: 'b' (expected: 'a', as in the URL, or a URL without a path)");
  }

  @Test
  void messageNeverCarriesControlCharacters() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SessionId("a\u001b[2J"))
        .withMessageContaining("'a?[2J'");
  }

  @Test
  void queryThatCannotStandInARequestIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Endpoint.parse("ws://h/client/a?b=\u20ac", Role.CLIENT))
        .withMessage("query: 'b=\u20ac' (expected: ASCII, all else as %XX)");
  }

  @Test
  void randomIdsAreOfOneLengthAndDiffer() {
    assertThat(SessionId.random().value()).hasSize(31);
    assertThat(SessionId.random()).isNotEqualTo(SessionId.random());
  }

  @Test
  void closeTextIsCutAtACharacter() {
    assertThat(new CloseReason(CloseReason.NORMAL, "ä".repeat(100)).text())
        .isEqualTo("ä".repeat(61));
  }

  @ParameterizedTest
  @CsvSource({
    "ws://h/client/a, ws://h/client/a?wait=20",
    "ws://h/client/a?wait=3, ws://h/client/a?wait=20",
    "ws://h/client/a?x=1&wait=3&waiting=4, ws://h/client/a?x=1&waiting=4&wait=20",
  })
  void waitIsSetOrReplaced(String url, String expected) {
    Endpoint endpoint = Endpoint.parse(url, Role.CLIENT).waiting(Duration.ofSeconds(20));

    assertThat(endpoint).hasToString(expected);
    assertThat(endpoint.waiting()).hasSeconds(20);
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT61S", "PT-1S", "PT0.5S"})
  void waitThatNoRelayTakesIsRefused(Duration wait) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Endpoint.parse("ws://h/client/a", Role.CLIENT).waiting(wait))
        .withMessageEndingWith(" (expected: 0 to 60 seconds)");
  }

  @Test
  void waitIsTheDefaultUnlessTheUrlSaysMore() {
    assertThat(Endpoint.parse("ws://h/client/a?b=1", Role.CLIENT).waiting()).hasSeconds(10);
    assertThat(Endpoint.parse("ws://h/client/a?b&wait=0", Role.CLIENT).waiting()).isZero();
    assertThat(Endpoint.parse("ws://h/client/a?wait=x", Role.CLIENT).waiting()).hasSeconds(10);
  }
}
