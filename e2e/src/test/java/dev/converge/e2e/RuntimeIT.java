package dev.converge.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where there is no Java, the programs bring one along. */
final class RuntimeIT {
  private static final String NOBODY = "wsproxy: no agent with ID nobody is waiting\n";

  @TempDir Path temp;

  @Test
  void agentIsEnteredWhereThereIsNoJava() throws IOException {
    Tool.require("ssh", "ssh-keygen", "curl");
    Bare job = Bare.machine(temp.resolve("job"), "curl");
    Bare laptop = Bare.machine(temp.resolve("laptop"), "curl");
    Path key = Keys.make(laptop.home(), "key");
    Path keys = Keys.authorize(laptop.home(), key);
    RelayProcess relay = RelayProcess.common();
    try (Child agent =
        job.run("agent", "--authorized-keys", keys.toString(), relay.agentUrl("bare"))) {
      agent.awaitOut("^waiting for clients");
      String proxy = String.join(" ", laptop.command("wsproxy", relay.clientUrl("bare")));
      var way = new Route.Way(List.of("-oProxyCommand=" + proxy), null);
      OpenSsh ssh = OpenSsh.withKey(laptop.home(), way, key);

      Child shell = ssh.ssh("-tt").type("test -t 0 && echo \"at $((1+1))\"; exit 7\n");
      assertThat(shell.exit()).isEqualTo(7);
      assertThat(shell.out()).contains("at 2");
      assertThat(ssh.ssh("echo $PATH").success()).isEqualTo(job.bin() + "\n");
      ssh.sftp("put " + key + ".pub sent\n").success();
      assertThat(job.home().resolve("sent")).hasSameBinaryContentAs(Path.of(key + ".pub"));

      String told = "no Java 17 or newer found; fetching a runtime from " + relay.http();
      assertThat(agent.err()).startsWith("agent: " + told);
      assertThat(agent.out() + agent.err() + shell.err()).doesNotContainIgnoringCase("warning:");
      assertThat(shell.err()).startsWith("wsproxy: " + told);
      assertThat(laptop.cached()).singleElement().asString().startsWith("runtime-");
    }
  }

  @Test
  void helpNeedsNoNetworkOnceTheRuntimeIsThere() {
    Bare machine = Bare.machine(temp, "curl");
    Child before = machine.run("wsproxy", "--version");
    assertThat(before.exit()).isEqualTo(1);
    assertThat(before.err())
        .isEqualTo(
            "wsproxy: no Java 17 or newer found, and no relay's URL was given to fetch a runtime"
                + " from; install one (Debian: apt-get install openjdk-17-jre-headless) or set"
                + " JAVA_HOME\n");
    try (Source source = Source.withRuntime()) {
      machine.run("wsproxy", source.clientUrl()).exit();
    }
    assertThat(machine.run("wsproxy", "--version").success()).startsWith("wsproxy ");
    assertThat(machine.run("agent", "--help").success()).startsWith("Usage: agent ");
  }

  @Test
  void twoThatStartAtOnceShareOneRuntime() {
    Bare machine = Bare.machine(temp, "curl");
    byte[] runtime = Source.runtime();
    CountDownLatch both = new CountDownLatch(2);
    Source.Answer together =
        request -> {
          both.countDown();
          both.await();
          Source.serve(request, runtime);
        };
    try (Source source = Source.answering(together);
        Child one = machine.run("wsproxy", source.clientUrl());
        Child other = machine.run("wsproxy", source.clientUrl())) {
      assertThat(List.of(one.exit(), other.exit())).containsOnly(1);
      assertThat(one.err()).endsWith(NOBODY);
      assertThat(other.err()).endsWith(NOBODY);
      assertThat(machine.cached()).hasSize(1);
      assertThat(machine.cache().resolve(machine.cached().get(0)).resolve("runtime"))
          .doesNotExist();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"curl", "wget"})
  void downloadThatBreaksOffGoesOn(String tool) {
    Bare machine = Bare.machine(temp, tool);
    byte[] runtime = Source.runtime();
    Source.Answer cut =
        request -> {
          if (request.getRequestHeaders().containsKey("Range")) {
            Source.serve(request, runtime);
          } else {
            request.sendResponseHeaders(200, runtime.length);
            request.getResponseBody().write(runtime, 0, 1_000_000);
            request.getResponseBody().flush();
          }
        };
    try (Source source = Source.answering(cut)) {
      Child child = machine.run("wsproxy", source.clientUrl());
      assertThat(child.exit()).isEqualTo(1);
      assertThat(child.err()).endsWith(NOBODY);
      assertThat(source.requests()).last().asString().contains("bytes=");
    }
  }

  @Test
  void programThatIsStoppedMeanwhileLeavesNothing() {
    Bare machine = Bare.machine(temp, "curl");
    CountDownLatch never = new CountDownLatch(1);
    CountDownLatch begun = new CountDownLatch(1);
    Source.Answer stall =
        request -> {
          request.sendResponseHeaders(200, 1000);
          request.getResponseBody().write(new byte[10]);
          request.getResponseBody().flush();
          begun.countDown();
          never.await();
        };
    try (Source source = Source.answering(stall);
        Child child = machine.run("wsproxy", source.clientUrl())) {
      assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
      child.handle().descendants().forEach(ProcessHandle::destroy);
      child.signal("TERM");
      assertThat(child.exit()).isEqualTo(1);
      assertThat(machine.cached()).isEmpty();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void fullDiskIsToldInOneLine() {
    Tool.require("unshare", "mount");
    Bare machine = Bare.machine(temp, "curl");
    try (Source source = Source.withRuntime()) {
      List<String> command = machine.command("wsproxy", source.clientUrl());
      String script =
          "mount -t tmpfs -o size=%s tmpfs "
              + machine.home()
              + " && exec "
              + String.join(" ", command).replaceAll("[?]", "\\\\?");
      for (String size : List.of("5m", "40m")) {
        Child child =
            Child.start(
                temp, Map.of(), List.of("unshare", "-rm", "sh", "-c", script.formatted(size)));
        assertThat(child.exit()).as(child.toString()).isEqualTo(1);
        assertThat(child.err().lines()).as(child.toString()).hasSize(2);
        assertThat(child.err())
            .endsWith(
                "wsproxy: no Java 17 or newer found, and no room for a runtime in "
                    + machine.cache()
                    + " (expected: 100 MB); install one (Debian: apt-get install"
                    + " openjdk-17-jre-headless) or set JAVA_HOME\n");
      }
    }
  }

  @Test
  void anotherRuntimeThanTheBuildsIsNotRun() {
    Bare machine = Bare.machine(temp, "curl");
    byte[] other = Arrays.copyOf(Source.runtime(), 100_000);
    try (Source source = Source.answering(request -> Source.serve(request, other))) {
      Child child = machine.run("wsproxy", source.clientUrl());
      assertThat(child.exit()).isEqualTo(1);
      assertThat(child.err())
          .containsPattern(
              "is not the runtime that this wsproxy was built with \\(SHA-256 [0-9a-f]{64}, expected: [0-9a-f]{64}\\): get wsproxy from that relay again");
      assertThat(child.out()).isEmpty();
      assertThat(machine.cached()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"curl", "wget"})
  void relayWithoutARuntimeIsTold(String tool) {
    Bare machine = Bare.machine(temp, tool);
    try (Source source = Source.answering(request -> request.sendResponseHeaders(404, -1))) {
      Child child = machine.run("wsproxy", source.clientUrl());
      assertThat(child.exit()).isEqualTo(1);
      assertThat(child.err().lines().skip(1))
          .singleElement()
          .asString()
          .startsWith("wsproxy: no Java 17 or newer found, and http://127.0.0.1:")
          .contains("404")
          .endsWith("or set JAVA_HOME");
    }
  }

  @Test
  void machineThatCannotDownloadIsTold() {
    Bare machine = Bare.machine(temp);
    Child child = machine.run("wsproxy", "ws://127.0.0.1:1/client/nobody");
    assertThat(child.exit()).isEqualTo(1);
    assertThat(child.err()).contains("neither curl nor wget is installed");
  }

  @Test
  void unknownPlatformIsTold() throws IOException {
    Bare machine = Bare.machine(temp, "curl");
    Path uname = machine.bin().resolve("uname");
    Files.delete(uname);
    Files.writeString(uname, "#!/bin/sh\n[ $1 = -s ] && echo Plan9 || echo mips\n");
    uname.toFile().setExecutable(true);
    Child child = machine.run("wsproxy", "ws://127.0.0.1:1/client/nobody");
    assertThat(child.exit()).isEqualTo(1);
    assertThat(child.err()).contains("and no runtime for plan9-mips was made with this wsproxy");
  }

  @Test
  void jobWithoutAHomeKeepsItsRuntimeInTmp() {
    Bare machine = Bare.machine(temp, "curl");
    try (Source source = Source.withRuntime()) {
      for (int i = 0; i < 2; i++) {
        Child.start(
                temp,
                Map.of(),
                List.of(
                    "env",
                    "-i",
                    "PATH=" + machine.bin(),
                    "TMPDIR=" + temp,
                    Packaged.program("wsproxy"),
                    source.clientUrl()))
            .exit();
      }
      assertThat(source.requests()).hasSize(1);
    }
    assertThat(temp.toFile().list((directory, name) -> name.startsWith("converge-"))).hasSize(1);
  }

  @Test
  void cacheThatSomebodyElseCouldFillIsNotUsed() throws IOException {
    Bare machine = Bare.machine(temp, "curl");
    Path elsewhere = Files.createDirectory(temp.resolve("elsewhere"));
    Files.createDirectories(machine.cache().getParent());
    Files.createSymbolicLink(machine.cache(), Path.of("../../elsewhere"));
    try (Source source = Source.withRuntime()) {
      String run =
          "TMPDIR=%s exec %s '%s'".formatted(temp, Packaged.program("wsproxy"), source.clientUrl());
      Child child =
          Child.start(
              temp,
              Map.of(),
              List.of(
                  "env", "-i", "PATH=" + machine.bin(), "HOME=" + machine.home(), "sh", "-c", run));
      assertThat(child.exit()).isEqualTo(1);
      assertThat(child.err()).endsWith(NOBODY);
    }
    assertThat(elsewhere).isEmptyDirectory();
  }

  @ParameterizedTest
  @ValueSource(strings = {"dash", "bash", "busybox sh"})
  void everyShellWillDo(String shell) {
    Bare machine = Bare.machine(temp, "curl", "dash", "busybox");
    try (Source source = Source.withRuntime()) {
      String run =
          "env -i PATH=%s HOME=%s %s %s '%s'"
              .formatted(
                  machine.bin(),
                  machine.home(),
                  shell,
                  Packaged.program("wsproxy"),
                  source.clientUrl());
      Child child = Child.start(temp, Map.of(), List.of("sh", "-c", run));
      assertThat(child.exit()).isEqualTo(1);
      assertThat(child.err()).endsWith(NOBODY);
    }
  }

  @Test
  void runtimeIsSmall() {
    assertThat(Source.runtime()).hasSizeLessThan(25_000_000);
  }

  @Test
  void scriptsAreCleanShell() {
    Tool.require("shellcheck");
    Child.start(Packaged.root(), Map.of(), List.of("shellcheck", "bench/startup.sh")).success();
    for (String script : List.of("cli/src/main/stub/stub.sh", "runtime/build", "converge")) {
      Child.start(Packaged.root(), Map.of(), List.of("shellcheck", "-s", "sh", script)).success();
    }
  }
}
