package dev.converge.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The commands that the agent prints, through its relay and through a hostile one. That one has an
 * SSH server of its own under the same ID, which lets the victim's key in.
 */
final class PinIT {
  private static final String WSPROXY = "ssh .*ProxyCommand.*";
  private static final String TCPTOWS = "ssh -p .*";
  private static final String REFUSAL =
      "(wsproxy|tcptows): the host key is SHA256:\\S{43}, not the SHA256:\\S{43} of the invitation:"
          + " somebody between you and the agent answers in its place";

  @TempDir static Path temp;
  private static Path home;
  private static RelayProcess relay;
  private static RelayProcess hostile;
  private static AgentProcess agent;
  private static AgentProcess impostor;

  @BeforeAll
  static void open() throws IOException {
    Tool.require("ssh", "sftp", "scp", "ssh-keygen", "echo");
    home = Files.createDirectory(temp.resolve("home"));
    Path keys = Keys.authorize(home, Keys.make(home, "key"));
    relay = RelayProcess.common();
    hostile = RelayProcess.start();
    agent = agent(relay, "job", keys);
    impostor = agent(hostile, "trap", keys);
    configure("ssh");
    configure("sftp");
    configure("scp");
    for (String program : List.of("wsproxy", "tcptows")) {
      Files.copy(Path.of(Packaged.program(program)), home.resolve(program));
      executable(home.resolve(program));
    }
  }

  private static AgentProcess agent(RelayProcess where, String name, Path keys) throws IOException {
    Path directory = Files.createDirectory(temp.resolve(name));
    Files.createFile(directory.resolve(".hold"));
    return AgentProcess.start(where, directory, "same", "--authorized-keys", keys.toString());
  }

  /** What a user's ~/.ssh would do; ssh does not look for it in HOME. */
  private static void configure(String program) throws IOException {
    Path config = home.resolve("config");
    Files.writeString(
        config,
        """
        UserKnownHostsFile %1$s/known_hosts
        GlobalKnownHostsFile /dev/null
        IdentityFile %1$s/key
        IdentitiesOnly yes
        BatchMode yes
        """
            .formatted(home));
    Path wrapper = Files.createDirectories(home.resolve("bin")).resolve(program);
    Files.writeString(
        wrapper, "#!/bin/sh\nexec '%s' -F '%s' \"$@\"\n".formatted(Tool.path(program), config));
    executable(wrapper);
  }

  private static void executable(Path file) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
  }

  @AfterAll
  static void close() {
    impostor.close();
    agent.close();
    hostile.close();
  }

  @BeforeEach
  void forget() throws IOException {
    Files.deleteIfExists(known());
  }

  private static Path known() {
    return home.resolve("known_hosts");
  }

  /** A command as the agent has printed it. */
  private static String printed(String regex) {
    return agent.child().awaitOut("^ +(" + regex + ")$").group(1);
  }

  /** The command as it would be if the same relay's name led elsewhere. */
  private static String misled(String command) {
    return command.replace(relay.authority(), hostile.authority());
  }

  private static String unpinned(String command) {
    return command
        .replaceAll("#SHA256:[A-Za-z0-9+/]{43}", "")
        .replaceAll("-oStrictHostKeyChecking=yes", "-oStrictHostKeyChecking=accept-new")
        .replaceAll("-oKnownHostsCommand=\"[^\"]*\"", "");
  }

  private static Child paste(String command) {
    String path = home.resolve("bin") + ":" + System.getenv("PATH");
    return Child.start(home, Map.of("PATH", path), List.of("sh", "-c", command));
  }

  /**
   * tcptows as the agent has printed it, but at any free port; with the command's port put right.
   */
  private record Port(Child tcptows, String number) implements AutoCloseable {
    static Port open(String line) {
      String start = line.substring(line.indexOf("./tcptows")).replace(" 10000 ", " 0 ");
      Child tcptows = paste("exec " + start);
      return new Port(tcptows, tcptows.awaitOut("^listening on 127\\.0\\.0\\.1:(\\d+)$").group(1));
    }

    String in(String command) {
      return command.replace("10000", number);
    }

    @Override
    public void close() {
      tcptows.close();
    }
  }

  private static void otherKeyIsKnown(String name) throws IOException {
    Path other = home.resolve("other");
    if (!Files.exists(other)) {
      Keys.make(home, "other");
    }
    Files.writeString(known(), name + " " + Files.readString(Path.of(other + ".pub")));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void printedCommandsNeitherAskNorWriteWhateverIsKnown(boolean otherKeyKnown) throws IOException {
    if (otherKeyKnown) {
      otherKeyIsKnown("localhost");
    }
    String before = otherKeyKnown ? Files.readString(known()) : "none";
    Files.writeString(agent.directory().resolve("FILE"), "of the job");

    assertThat(paste(printed(WSPROXY) + " pwd").success())
        .isEqualTo(agent.directory().toRealPath() + "\n");
    assertThat(paste("echo pwd | " + printed("sftp .*ProxyCommand.*")).success())
        .contains(agent.directory().toRealPath().toString());
    paste(printed("scp .*")).success();
    assertThat(home.resolve("FILE")).hasContent("of the job");
    assertThat(Files.exists(known()) ? Files.readString(known()) : "none").isEqualTo(before);
  }

  @Test
  void printedCommandsForAPortNeitherAskNorWriteThoughAnotherKeyIsKnown() throws IOException {
    try (Port port = Port.open(printed(".*tcptows 10000 .*"))) {
      otherKeyIsKnown("[localhost]:" + port.number());
      String before = Files.readString(known());

      assertThat(paste(port.in(printed(TCPTOWS)) + " pwd").success())
          .isEqualTo(agent.directory().toRealPath() + "\n");
      assertThat(paste("echo pwd | " + port.in(printed("sftp -oPort.*"))).success())
          .contains(agent.directory().toRealPath().toString());
      assertThat(Files.readString(known())).isEqualTo(before);
    }
  }

  @Test
  void impostorBehindTheRelayIsRefusedBeforeAnybodyLogsIn() {
    Child ssh = paste(misled(printed(WSPROXY)) + " touch intercepted");

    assertThat(ssh.exit()).isEqualTo(255);
    assertThat(ssh.err()).containsPattern("(?m)^" + REFUSAL);
    nothingHappened();
  }

  @Test
  void impostorBehindTcptowsIsRefusedAndTheNextConnectionToo() {
    try (Port port = Port.open(misled(printed(".*tcptows 10000 .*")))) {
      for (int attempt = 0; attempt < 2; attempt++) {
        Child ssh = paste(port.in(printed(TCPTOWS)) + " touch intercepted");
        assertThat(ssh.exit()).isEqualTo(255);
      }
      port.tcptows().awaitErr("^" + REFUSAL + ".*\n" + REFUSAL);
    }
    nothingHappened();
  }

  /** So does an older client, or PuTTY: neither checks anything by itself here. */
  @Test
  void pinInTheUrlAloneIsEnoughForAClientThatBelievesEverybody() {
    Matcher url = Pattern.compile("#SHA256:[A-Za-z0-9+/]{43}").matcher(printed(WSPROXY));
    assertThat(url.find()).isTrue();
    String trusting =
        unpinned(misled(printed(WSPROXY)))
            .replace("accept-new", "no")
            .replace("/client/same", "/client/same" + url.group());
    Child ssh = paste(trusting + " touch intercepted");

    assertThat(ssh.exit()).isEqualTo(255);
    assertThat(ssh.err()).containsPattern("(?m)^" + REFUSAL);
    nothingHappened();
  }

  /** As if another program had answered at the port, or an older wsproxy had been at hand. */
  @Test
  void opensshRefusesTheImpostorByItselfToo() {
    String command = misled(printed(WSPROXY)).replaceAll("#SHA256:[A-Za-z0-9+/]{43}", "");
    Child ssh = paste(command + " touch intercepted");

    assertThat(ssh.exit()).isEqualTo(255);
    assertThat(ssh.err()).contains("REMOTE HOST IDENTIFICATION HAS CHANGED");
    nothingHappened();
  }

  private static void nothingHappened() {
    assertThat(impostor.child().err()).contains("client 127.0.0.1").doesNotContain("logged in");
    assertThat(impostor.directory().resolve("intercepted")).doesNotExist();
    assertThat(known()).doesNotExist();
  }

  @Test
  void withoutThePinTheImpostorSucceeds() throws IOException {
    // An impostor of its own: the others are to see that nobody ever logged in.
    Path keys = home.resolve("authorized_keys");
    try (RelayProcess unknown = RelayProcess.start();
        AgentProcess interceptor = agent(unknown, "trap2", keys)) {
      String command = unpinned(printed(WSPROXY)).replace(relay.authority(), unknown.authority());
      paste(command + " touch intercepted").success();
      assertThat(interceptor.directory().resolve("intercepted")).exists();
      assertThat(known()).exists();

      Files.delete(known());
      String tcptows =
          unpinned(printed(".*tcptows 10000 .*")).replace(relay.authority(), unknown.authority());
      try (Port port = Port.open(tcptows)) {
        paste(port.in(unpinned(printed(TCPTOWS))) + " touch again").success();
      }
      assertThat(interceptor.directory().resolve("again")).exists();
    }
  }
}
