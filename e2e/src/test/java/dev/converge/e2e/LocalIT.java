package dev.converge.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The front door of a checkout. */
final class LocalIT {
  @TempDir Path temp;

  private static final String CONVERGE = Packaged.root().resolve("converge").toString();

  private Child local(int port) {
    return Child.start(
        temp, Map.of(), List.of(CONVERGE, "local", "--port", Integer.toString(port)));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @ParameterizedTest
  @CsvSource({"INT, 130", "TERM, 143"})
  void printedCommandsEnterTheDirectoryAndASignalEndsBothPrograms(String signal, int code)
      throws IOException {
    Tool.require("ssh");
    int port = freePort();
    try (Child local = local(port)) {
      local.awaitOut("^waiting for clients");
      String ssh = local.awaitOut("^ +(ssh .*ProxyCommand.*)$").group(1);
      String password = local.awaitOut("^Password: +(\\S+)$").group(1);
      Path askpass = Files.writeString(temp.resolve("askpass"), "#!/bin/sh\necho " + password);
      assertThat(askpass.toFile().setExecutable(true)).isTrue();

      String pasted =
          ssh.replace(
              "ssh ", "ssh -F/dev/null -oUserKnownHostsFile=known -oStrictHostKeyChecking=no ");
      Child client =
          Child.start(
              temp,
              Map.of("SSH_ASKPASS", askpass.toString(), "SSH_ASKPASS_REQUIRE", "force"),
              List.of("sh", "-c", pasted + " pwd"));
      assertThat(client.success()).isEqualTo(temp.toRealPath() + "\n");

      List<ProcessHandle> programs = local.handle().descendants().toList();
      local.signal(signal);
      assertThat(local.exit()).isEqualTo(code);
      Awaitility.await().until(() -> programs.stream().noneMatch(ProcessHandle::isAlive));
    }
  }

  @Test
  void portInUseEndsItWithTheRelaysLine() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Child local = local(taken.getLocalPort())) {
      assertThat(local.exit()).isEqualTo(1);
      assertThat(local.err()).contains("relay: cannot listen at 127.0.0.1:" + taken.getLocalPort());
    }
  }

  @Test
  void unknownWordIsUsage() {
    Child child = Child.start(temp, Map.of(), List.of(CONVERGE, "dance"));

    assertThat(child.exit()).isEqualTo(2);
    assertThat(child.err()).startsWith("Usage: ./converge local");
  }

  @Test
  void missingToolsAreNamedWithTheirPackages() throws IOException {
    Path empty = Files.createDirectory(temp.resolve("checkout"));
    Files.copy(Path.of(CONVERGE), empty.resolve("converge"));
    Path bin = Files.createDirectory(temp.resolve("bin"));
    Files.copy(Tool.path("dirname"), bin.resolve("dirname"), StandardCopyOption.COPY_ATTRIBUTES);

    Child child =
        Child.start(
            temp,
            Map.of("PATH", bin.toString()),
            List.of("/bin/sh", empty.resolve("converge").toString(), "local"));

    assertThat(child.exit()).isEqualTo(1);
    assertThat(child.err()).contains("no JDK found", "apt-get install default-jdk-headless");
  }
}
