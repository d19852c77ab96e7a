package dev.converge.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.WebElement;

/** The usage page in a real browser. */
class UsagePageIT {
  private static final String COMMANDS = "[data-command]";
  private static final String IDS = "[data-id]";
  private static final int COMMANDS_WITH_ID = 10;

  private static RelayProcess relay;
  private static Browser browser;

  private final URI page = URI.create(relay.http() + "/");

  @BeforeAll
  static void start() {
    browser = Browser.start();
    relay = RelayProcess.common();
  }

  @AfterAll
  static void stop() {
    if (browser != null) {
      browser.close();
    }
  }

  @BeforeEach
  void open() {
    browser.resize(1280, 900);
    browser.open(page);
  }

  @Test
  void theCommandsNameTheServerThatThePageCameFrom() {
    String http = "http://127.0.0.1:" + page.getPort();
    String ws = "ws://127.0.0.1:" + page.getPort();
    String through = " -oServerAliveInterval=120 -oProxyCommand=\"./wsproxy " + ws + "/client/ID\"";
    assertThat(browser.texts(COMMANDS))
        .contains(
            fetch(http, "agent") + " && ./agent " + ws + "/agent/ID",
            fetch(http, "wsproxy"),
            "ssh" + through + " abc@localhost",
            "sftp" + through + " abc@localhost",
            fetch(http, "tcptows") + " && ./tcptows 10000 " + ws + "/client/ID",
            "ssh -p 10000 abc@localhost",
            "sftp -oPort=10000 abc@localhost",
            "touch .hold",
            "touch -d '+2 hours' .hold",
            "rm .hold");
  }

  @Test
  void theChecksumIsThatOfTheAgentAndRefusesAnother(@TempDir Path job) {
    Tool.require("curl", "sha256sum");
    String command =
        browser.texts(COMMANDS).stream()
            .filter(text -> text.contains("sha256sum"))
            .findFirst()
            .orElseThrow();
    String check = command.substring(0, command.indexOf(" && chmod"));
    assertThat(Child.start(job, Map.of(), List.of("sh", "-c", check)).success())
        .isEqualTo("agent: OK\n");

    String another = check.replaceFirst("curl -s \\S+", "echo another");
    assertThat(Child.start(job, Map.of(), List.of("sh", "-c", another)).exit()).isNotZero();
  }

  private static String fetch(String http, String name) {
    return "curl -s " + http + "/docs/" + name + " > " + name + " && chmod 755 " + name;
  }

  @Test
  void anIdThatIsTypedStandsInEveryCommandAndInTheAddress() {
    type("build-42.a_B");
    assertThat(browser.texts(IDS)).hasSize(COMMANDS_WITH_ID).containsOnly("build-42.a_B");
    assertThat(browser.address().getFragment()).isEqualTo("id=build-42.a_B");
    assertThat(browser.one("#id-error").isDisplayed()).isFalse();
  }

  @Test
  void anEmptyFieldBringsThePlaceholderBack() {
    type("x");
    browser.one("#id").sendKeys("\b");
    assertThat(browser.texts(IDS)).containsOnly("ID");
    assertThat(browser.address().getFragment()).isNull();
  }

  @Test
  void anInvalidIdIsToldAndTheCommandsKeepTheLastValidOne() {
    type("job");
    type("/../x");
    assertThat(browser.texts(IDS)).containsOnly("job");
    assertThat(browser.one("#id-error").getText()).contains("“/”", "stay as they were");
    assertThat(browser.one("#id").getDomAttribute("aria-invalid")).isEqualTo("true");
    assertThat(browser.address().getFragment()).isEqualTo("id=job");
  }

  @ParameterizedTest
  @ValueSource(strings = {"my job", "jöb", "<b>", "a%20b", "a\"b", "😀"})
  void anIdOfOtherCharactersIsInvalid(String id) {
    browser.open(page.resolve("#"));
    browser.evaluate(
        "const field = document.getElementById('id'); field.value = arguments[0];"
            + "field.dispatchEvent(new Event('input'))",
        id);
    assertThat(browser.texts(IDS)).containsOnly("ID");
    assertThat(browser.one("#id-error").getText()).startsWith("An ID cannot hold ");
  }

  @Test
  void anIdHasAtMost128Characters() {
    type("a".repeat(128));
    type("b");
    assertThat(browser.texts(IDS)).containsOnly("a".repeat(128));
    assertThat(browser.one("#id-error").getText()).contains("128", "129");
  }

  @Test
  void theButtonMakesAnotherLongIdEachTime() {
    browser.one("#random").click();
    String first = browser.texts(IDS).get(0);
    browser.one("#random").click();
    assertThat(browser.texts(IDS)).hasSize(COMMANDS_WITH_ID).doesNotContain(first);
    assertThat(browser.texts(IDS)).allMatch(id -> id.matches("[0-9a-z]{31}"));
    assertThat(browser.address().getFragment()).isEqualTo("id=" + browser.texts(IDS).get(0));
  }

  @Test
  void anAddressThatWasPassedOnBringsItsId() {
    browser.open(page.resolve("#id=passed.on"));
    assertThat(browser.texts(IDS)).containsOnly("passed.on");
    assertThat(browser.one("#id").getDomProperty("value")).isEqualTo("passed.on");
  }

  @Test
  void anAddressWithAnInvalidIdIsTold() {
    browser.open(page.resolve("#id=%3Cscript%3E"));
    assertThat(browser.texts(IDS)).containsOnly("ID");
    assertThat(browser.one("#id-error").getText()).contains("“<”");
  }

  @Test
  void followingALinkWithinThePageKeepsTheIdInTheAddress() {
    type("kept");
    browser.one("nav a[href='#time']").click();
    await().until(() -> "id=kept".equals(browser.address().getFragment()));
    assertThat(browser.evaluate("return scrollY > 0")).isEqualTo(true);
  }

  @ParameterizedTest
  @CsvSource({"127.0.0.1, true", Browser.STRANGE_HOST + ", false"})
  void everyButtonCopiesTheCommandThatItStandsBy(String host, boolean hasClipboardInterface) {
    browser.open(URI.create("http://" + host + ":" + page.getPort() + "/#id=copied"));
    assertThat(browser.evaluate("return isSecureContext")).isEqualTo(hasClipboardInterface);
    showEverything();
    List<WebElement> buttons = browser.all(".command .copy");
    List<String> commands = browser.texts(COMMANDS);
    assertThat(buttons).hasSameSizeAs(commands);
    for (int i = 0; i < commands.size(); i++) {
      WebElement button = buttons.get(i);
      assertThat(button.getText()).startsWith("Copy");
      button.click();
      await().until(() -> button.getText().startsWith("Copied"));
      assertThat(browser.one("#status").getText()).startsWith("Copied: ");
      assertThat(browser.paste()).isEqualTo(commands.get(i));
    }
  }

  @Test
  void withoutScriptThePageIsCompleteAndOffersNothingThatDoesNotWork() {
    browser.runScripts(false);
    try {
      browser.open(page);
      assertThat(browser.texts(IDS)).hasSize(COMMANDS_WITH_ID).containsOnly("ID");
      assertThat(browser.all(".copy")).isEmpty();
      assertThat(browser.one("#id-form").isDisplayed()).isFalse();
    } finally {
      browser.runScripts(true);
    }
  }

  @Test
  void nothingIsAskedOfAnotherHostAndTheBrowserHasNoComplaint() {
    browser.one("#random").click();
    assertThat(loaded())
        .contains(page + "assets/bootstrap.min.css", page + "assets/converge.js")
        .allMatch(address -> address.startsWith(page.toString()));
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void aScriptThatSomebodyBringsInIsNotRun() {
    browser.evaluate(
        "const script = document.createElement('script');"
            + "script.textContent = 'document.title = \"taken over\"';"
            + "document.body.append(script)");
    assertThat(browser.evaluate("return document.title")).asString().startsWith("Converge");
    assertThat(browser.complaints())
        .anyMatch(complaint -> complaint.getMessage().contains("Content Security Policy"));
  }

  @SuppressWarnings("unchecked")
  private static List<String> loaded() {
    return (List<String>)
        browser.evaluate("return performance.getEntriesByType('resource').map(e => e.name)");
  }

  @ParameterizedTest
  @ValueSource(ints = {320, 360, 768, 1280})
  void nothingReachesBeyondTheEdgeOfTheWindow(int width) {
    browser.resize(width, 740);
    browser.open(page.resolve("#id=" + "w".repeat(128)));
    showEverything();
    assertThat(browser.evaluate("return document.documentElement.scrollWidth"))
        .isEqualTo(browser.evaluate("return document.documentElement.clientWidth"));
  }

  @Test
  void theOutlineSkipsNoLevelAndEveryFieldHasALabel() {
    assertThat(
            browser.evaluate(
                "const levels = Array.from(document.querySelectorAll('h1,h2,h3,h4,h5,h6'),"
                    + " h => Number(h.tagName[1]));"
                    + "return levels[0] === 1 && levels.every((l, i) => i === 0 || l > 1 && l <="
                    + " levels[i - 1] + 1)"))
        .isEqualTo(true);
    showEverything();
    assertThat(browser.one("#id").getAccessibleName()).isEqualTo("ID");
    assertThat(browser.all("a, button"))
        .allMatch(control -> !control.getAccessibleName().isEmpty());
  }

  @ParameterizedTest
  @CsvSource({
    "desktop, 1280, 900, light",
    "desktop, 1280, 900, dark",
    "phone, 360, 740, light",
    "phone, 360, 740, dark"
  })
  void textStandsOutFromItsBackground(String device, int width, int height, String colors)
      throws IOException {
    browser.resize(width, height);
    browser.prefer(colors);
    browser.open(page.resolve("#id=mf0q2v5y8k3n7x1c4b6z9w2t5r8p0s3"));
    browser.photograph(Path.of("target", "screenshots", "usage-" + device + "-" + colors + ".png"));
    assertThat(Contrast.lowest(browser)).isGreaterThanOrEqualTo(4.5);
  }

  private static void type(String id) {
    browser.one("#id").sendKeys(id);
  }

  private static void showEverything() {
    browser.evaluate(
        "for (const d of document.querySelectorAll('details')) { d.name = ''; d.open = true; }");
  }
}
