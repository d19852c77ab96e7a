package dev.converge.relay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AssetsTest {
  private final Assets assets = new Assets();

  @Test
  void assetIsReadOnce() {
    Resource favicon = assets.get("/assets/favicon.svg");
    assertThat(favicon.contentType()).isEqualTo("image/svg+xml");
    assertThat(assets.get("/assets/favicon.svg")).isSameAs(favicon);
    assertThat(assets.get("/assets/bootstrap.min.css").contentType()).startsWith("text/css");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/assets/",
        "/assets/none.css",
        "/assets/../index.html",
        "/assets/..%2findex.html",
        "/assets/./favicon.svg",
        "/assets//favicon.svg",
        "/assets/favicon.svg/",
        "/assets/favicon.svg\0",
        "/assets/\\favicon.svg",
        "/assets/Favicon.svg",
        "assets/favicon.svg",
        "/docs/favicon.svg"
      })
  void everyOtherPathHasNone(String path) {
    assertThat(assets.get(path)).isNull();
  }

  @Test
  void longPathIsNoBurden() {
    assertThat(assets.get("/assets/" + "a.".repeat(500_000) + "css")).isNull();
  }
}
