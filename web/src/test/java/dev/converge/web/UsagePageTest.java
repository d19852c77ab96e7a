package dev.converge.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * What the relay may rely on: the placeholders, the assets, and a page that a strict policy fits.
 */
class UsagePageTest {
  private static final String[] PLACEHOLDERS = {
    "{{http}}", "{{ws}}", "{{host}}", "{{version}}", "{{agentsum}}"
  };

  private final String page = resource("index.html");

  @Test
  void thePlaceholdersAreThoseThatTheRelayFills() {
    assertThat(found("\\{\\{.*?}}")).containsOnly(PLACEHOLDERS);
  }

  @Test
  void everyAssetThatThePageNamesIsThere() {
    assertThat(found("(?<=/assets/)[\\w.]+"))
        .contains("bootstrap.min.css", "converge.css", "converge.js", "favicon.svg")
        .allSatisfy(name -> assertThat(resource("assets/" + name)).isNotBlank());
  }

  @Test
  void thePageHoldsNoScriptAndNoStyleOfItsOwn() {
    assertThat(found("<style|\\sstyle=|\\son\\w+=|<script(?! src=)|javascript:")).isEmpty();
  }

  @Test
  void thePageAndItsOwnAssetsNameNoOtherHost() {
    assertThat(found("(src|href)=\"(?![/#])[^\"]*")).isEmpty();
    assertThat(resource("assets/converge.css")).doesNotContain("url(", "@import");
    assertThat(resource("assets/converge.js")).doesNotContain("http:", "https:", "fetch(");
  }

  private List<String> found(String pattern) {
    return Pattern.compile(pattern).matcher(page).results().map(match -> match.group()).toList();
  }

  private static String resource(String name) {
    try (InputStream in = UsagePageTest.class.getResourceAsStream(name)) {
      assertThat(in).as(name).isNotNull();
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new AssertionError(name, e);
    }
  }
}
