package dev.converge.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The programs on each Java of this machine: they do what they do on every other, quietly, and from
 * the second start on with an archive of their classes.
 */
@ParameterizedClass
@MethodSource("dev.converge.e2e.Jdk#all")
// Archives are made at the lowest priority: beside other tests they would take minutes.
@Isolated
final class JdkIT {
  private static final List<String> PROGRAMS = List.of("relay", "agent", "wsproxy", "tcptows");

  private static final Duration PATIENCE = Duration.ofMinutes(3);

  @Parameter private Jdk jdk;
  @TempDir private Path temp;

  private Path cache;
  private Map<String, String> environment;

  @BeforeEach
  void prepare() throws IOException {
    Tool.require("ssh", "ssh-keygen");
    cache = Files.createDirectory(temp.resolve("cache"));
    environment =
        Map.of(
            "JAVA_HOME",
            jdk.home().toString(),
            "XDG_CACHE_HOME",
            cache.toString(),
            "SHELL",
            "/bin/bash",
            "CI",
            "");
  }

  @Test
  void jobIsEnteredQuietlyWithAndWithoutArchives() throws IOException {
    assertThat(visit(temp.resolve("first"))).noneMatch(JdkIT::mapsAnArchive);
    awaitArchives();
    assertThat(visit(temp.resolve("second"))).allMatch(JdkIT::mapsAnArchive);
  }

  /** Enters an agent on all ways, and returns what its processes had mapped into memory. */
  private List<String> visit(Path directory) throws IOException {
    Path home = Files.createDirectories(directory);
    Path key = Keys.make(home, "key");
    Path keys = Keys.authorize(home, key);
    try (Child relay = start(home, "relay", "--bind", "127.0.0.1", "--port", "0")) {
      String authority = relay.awaitOut("^relay listening on http://(.*)$").group(1);
      String url = "ws://" + authority + "/client/jdk";
      try (Child agent =
              start(
                  home,
                  "agent",
                  "--authorized-keys",
                  keys.toString(),
                  "ws://" + authority + "/agent/jdk");
          Child tcptows = start(home, "tcptows", "0", url)) {
        agent.awaitOut("^waiting for clients");
        String port = tcptows.awaitOut("^listening on 127\\.0\\.0\\.1:(\\d+)$").group(1);

        String proxy = "-oProxyCommand=" + String.join(" ", wsproxy(url));
        OpenSsh byProxy = OpenSsh.withKey(home, new Route.Way(List.of(proxy), null), key);
        OpenSsh byPort = OpenSsh.withKey(home, new Route.Way(List.of("-oPort=" + port), null), key);
        Child shell = byProxy.ssh("-tt").type("test -t 0 && echo \"at $((1+1))\"; exit 7\n");
        assertThat(shell.exit()).as(shell.toString()).isEqualTo(7);
        assertThat(shell.out()).contains("at 2").doesNotContainIgnoringCase("warning");
        Child command = byPort.ssh("cat; echo gone >&2").type("there and back").endInput();
        assertThat(command.success()).isEqualTo("there and back");
        assertThat(command.err()).isEqualTo("gone\n");
        Child sftp = byProxy.sftp("put key sent\n");
        sftp.success();
        assertThat(home.resolve("sent")).hasSameBinaryContentAs(key);

        assertThat(shell.err() + sftp.err() + tcptows.err() + relay.err()).doesNotContain("WARN");
        assertThat(agent.out() + agent.err() + relay.out()).doesNotContainIgnoringCase("warning");
        return Stream.of(relay, agent, tcptows).map(JdkIT::maps).toList();
      }
    }
  }

  private Child start(Path home, String program, String... arguments) {
    return Child.start(home, environment, command(program, arguments));
  }

  private static List<String> command(String program, String... arguments) {
    return Stream.concat(Stream.of(Packaged.program(program)), Stream.of(arguments)).toList();
  }

  private List<String> wsproxy(String url) {
    String java = "JAVA_HOME=" + jdk.home();
    String cached = "XDG_CACHE_HOME=" + cache;
    return List.of("env", "CI=", java, cached, Packaged.program("wsproxy"), url);
  }

  private static String maps(Child child) {
    try {
      return Files.readString(Path.of("/proc/" + child.pid() + "/maps"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean mapsAnArchive(String maps) {
    return maps.contains("/converge/classes/");
  }

  private void awaitArchives() {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(archives())
                    .hasSize(PROGRAMS.size())
                    .allMatch(name -> name.endsWith(".jsa")));
  }

  private List<String> archives() throws IOException {
    try (Stream<Path> files = Files.list(cache.resolve("converge/classes"))) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  @Test
  void archiveThatIsNoneIsNoHindrance() throws IOException {
    assertThat(version()).isEmpty();
    await().atMost(PATIENCE).until(() -> archives().equals(jsa(archives())));
    Path archive = cache.resolve("converge/classes").resolve(archives().get(0));

    for (byte[] none : List.of(new byte[0], new byte[5_000_000])) {
      Files.delete(archive);
      Files.write(archive, none);
      assertThat(version()).isEmpty();
    }
    assertThat(archives()).hasSize(1);
  }

  private static List<String> jsa(List<String> names) {
    return names.stream().filter(name -> name.endsWith(".jsa")).limit(1).toList();
  }

  /** What wsproxy prints on standard error when it is asked for its version. */
  private String version() {
    Child child = start(temp, "wsproxy", "--version");
    assertThat(child.success()).matches("wsproxy \\S+\n");
    return child.err();
  }
}
