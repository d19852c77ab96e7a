package dev.converge.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that the usage page and the README print, from directories that know nothing. */
final class QuickStartIT {
  @TempDir Path temp;

  private static Child sh(Path directory, Map<String, String> environment, String script) {
    return Child.start(directory, environment, List.of("sh", "-ec", script));
  }

  @Test
  void downloadedProgramsAreAllThatIsNeeded() throws IOException {
    Tool.require("ssh", "ssh-keygen", "curl", "sha256sum");
    Path job = Files.createDirectory(temp.resolve("job"));
    Path laptop = Files.createDirectory(temp.resolve("laptop"));
    Path keys = Keys.authorize(laptop, Keys.make(laptop, "key"));
    RelayProcess relay = RelayProcess.common();
    try (Child agent =
        sh(
            job,
            Map.of("CONVERGE_AUTHORIZED_KEYS", keys.toString()),
            """
                curl -s %1$s/docs/agent > agent && chmod 755 agent
                curl -s %1$s/docs/agent.sha256 | sha256sum --check --quiet
                exec ./agent %2$s
                """
                .formatted(relay.http(), relay.agentUrl("quick")))) {
      agent.awaitOut("^waiting for clients");
      sh(
              laptop,
              Map.of(),
              """
              curl -s %1$s/docs/wsproxy > wsproxy && chmod 755 wsproxy
              curl -s %1$s/docs/tcptows > tcptows && chmod 755 tcptows
              """
                  .formatted(relay.http()))
          .success();

      Child ssh =
          sh(
              laptop,
              Map.of(),
              "ssh -F/dev/null -oUserKnownHostsFile=known -oStrictHostKeyChecking=accept-new -i key"
                  + " -oServerAliveInterval=120 -oProxyCommand=\"./wsproxy "
                  + relay.clientUrl("quick")
                  + "\" abc@localhost ls");
      assertThat(ssh.success()).isEqualTo("agent\n");
    }
  }

  @Test
  void programsRunByJavaJarToo() {
    for (String program : List.of("relay", "agent", "wsproxy", "tcptows")) {
      Child child =
          Child.start(
              temp, Map.of(), List.of("java", "-jar", Packaged.program(program), "--version"));
      assertThat(child.success()).startsWith(program + " ");
    }
  }

  @Test
  void programsForWindowsAreAScriptAndTheSameJar() throws IOException {
    Tool.require("curl", "sha256sum");
    RelayProcess relay = RelayProcess.common();
    for (String program : List.of("agent", "wsproxy", "tcptows")) {
      String fetchAndRun =
          """
          curl -sO %1$s/docs/%2$s.cmd
          curl -s %1$s/docs/%2$s.cmd.sha256 | sha256sum --check --quiet
          java -jar %2$s.cmd --version
          """;
      Child child = sh(temp, Map.of(), fetchAndRun.formatted(relay.http(), program));
      assertThat(child.success()).startsWith(program + " ");
      String all = Files.readString(temp.resolve(program + ".cmd"), StandardCharsets.ISO_8859_1);
      assertThat(all.substring(0, all.indexOf("PK\u0003\u0004")))
          .startsWith("@echo off\r\n")
          .endsWith("-jar \"%~f0\" %*\r\nexit /b %ERRORLEVEL%\r\n")
          .doesNotContainPattern("[^\r]\n")
          .doesNotContain("@name@", "@jvm@");
    }
  }

  @Test
  void smallProgramsStaySmall() throws IOException {
    for (String program : List.of("wsproxy", "tcptows")) {
      assertThat(Files.size(Path.of(Packaged.program(program)))).as(program).isLessThan(600_000);
    }
  }
}
