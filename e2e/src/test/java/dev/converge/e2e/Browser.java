package dev.converge.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** The machine's own Chromium without a window, which knows no host but this one. */
final class Browser implements AutoCloseable {
  /** A name for this machine that, unlike an address of loopback, no browser trusts. */
  static final String STRANGE_HOST = "relay.test";

  /** Strong reference: a logger that nobody holds forgets its level. */
  private static final Logger SELENIUM = Logger.getLogger("org.openqa.selenium");

  private final ChromeDriver driver;

  private Browser(ChromeDriver driver) {
    this.driver = driver;
  }

  static Browser start() {
    SELENIUM.setLevel(Level.SEVERE); // it warns of a browser newer than itself
    ChromeDriverService service =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(Tool.path("chromedriver").toFile())
            .usingAnyFreePort()
            .withSilent(true)
            .withEnvironment(Map.of("TMPDIR", temporaryFiles().toString()))
            .build();
    return new Browser(new ChromeDriver(service, options()));
  }

  /** What the browser leaves behind is to be found with the build. */
  private static Path temporaryFiles() {
    try {
      return Files.createDirectories(Path.of("target", "browser").toAbsolutePath());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ChromeOptions options() {
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    ChromeOptions options = new ChromeOptions();
    options.setBinary(Tool.path("chromium").toFile());
    options.setCapability(ChromeOptions.LOGGING_PREFS, logs);
    return options.addArguments(
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-features=SpareRendererForSitePerProcess",
        "--process-per-site",
        "--force-prefers-reduced-motion",
        "--host-resolver-rules=MAP "
            + STRANGE_HOST
            + " 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1");
  }

  /** Loads a page anew, even if only the fragment of its address differs from the last one's. */
  void open(URI page) {
    driver.get("about:blank");
    driver.get(page.toString());
  }

  URI address() {
    return URI.create(driver.getCurrentUrl());
  }

  WebElement one(String selector) {
    return driver.findElement(By.cssSelector(selector));
  }

  List<WebElement> all(String selector) {
    return driver.findElements(By.cssSelector(selector));
  }

  /** The text of each element as it stands in the document, whether or not it can be seen. */
  @SuppressWarnings("unchecked")
  List<String> texts(String selector) {
    return (List<String>)
        evaluate(
            "return Array.from(document.querySelectorAll(arguments[0]), e => e.textContent)",
            selector);
  }

  Object evaluate(String script, Object... arguments) {
    return driver.executeScript(script, arguments);
  }

  /** What the keyboard pastes into an empty text area. */
  String paste() {
    WebElement area =
        (WebElement)
            evaluate("return document.body.appendChild(document.createElement('textarea'))");
    area.sendKeys(Keys.chord(Keys.CONTROL, "v"));
    return (String) evaluate("arguments[0].remove(); return arguments[0].value", area);
  }

  void runScripts(boolean allowed) {
    driver.executeCdpCommand("Emulation.setScriptExecutionDisabled", Map.of("value", !allowed));
  }

  void resize(int width, int height) {
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
  }

  void prefer(String colorScheme) {
    driver.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", colorScheme))));
  }

  /** What the browser complained about since it was last asked. */
  List<LogEntry> complaints() {
    return driver.manage().logs().get(LogType.BROWSER).getAll();
  }

  /** Writes a picture of the whole page, not only of what fits into the window. */
  void photograph(Path file) throws IOException {
    Object png =
        driver
            .executeCdpCommand(
                "Page.captureScreenshot", Map.of("format", "png", "captureBeyondViewport", true))
            .get("data");
    Files.createDirectories(file.getParent());
    Files.write(file, Base64.getDecoder().decode(String.valueOf(png).getBytes(UTF_8)));
  }

  @Override
  public void close() {
    driver.quit();
  }
}
