package dev.converge.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
final class TransferIT {
  @TempDir Path folder;
  private SshFixture fixture;
  private Path tree;

  @BeforeEach
  void start() throws Exception {
    fixture = new SshFixture(folder);
    tree = Files.createDirectories(folder.resolve("tree/sub")).getParent();
    for (int i = 0; i < 500; i++) {
      Files.writeString(tree.resolve(i % 2 == 0 ? "f" + i : "sub/f" + i), "content " + i);
    }
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  @Test
  void sftpPutsAndGetsFromTheStartDirectory() throws Exception {
    Programs.require("sftp");
    String batch = "pwd\nput -r tree\nrename tree/f0 tree/zero\nget -r tree back\n";
    var result =
        fixture.execute(
            fixture.command("sftp", "-P", "-q", "-b", "-", "abc@127.0.0.1"), Map.of(), batch);
    assertThat(result.code()).as(result.error()).isZero();
    assertThat(result.output()).contains("directory: " + fixture.work);
    Files.move(tree.resolve("f0"), tree.resolve("zero"));
    assertThat(content(fixture.work.resolve("tree"))).isEqualTo(content(tree));
    assertThat(content(folder.resolve("back"))).isEqualTo(content(tree));
  }

  @Test
  void scpCopiesWithBothProtocols() throws Exception {
    Programs.require("scp");
    for (String protocol : List.of("-s", "-O")) {
      copy(fixture, protocol);
    }
  }

  @Test
  void scpOfOldClientsNeedsNoScpHere() throws Exception {
    Programs.require("scp");
    Path elsewhere = Files.createDirectory(folder.resolve("bare"));
    Path bin = Files.createDirectory(elsewhere.resolve("bin"));
    try (var bare =
        new SshFixture(
            elsewhere,
            config ->
                new SshConfig(
                    config.directory(),
                    config.keys(),
                    null,
                    null,
                    "/bin/sh",
                    true,
                    Map.of("PATH", bin.toString())))) {
      copy(bare, "-O");
    }
  }

  private void copy(SshFixture to, String protocol) throws Exception {
    String name = "copied" + protocol;
    String there = "abc@127.0.0.1:" + name;
    var put =
        to.execute(to.command("scp", "-P", protocol, "-rq", tree.toString(), there), Map.of(), "");
    assertThat(put.code()).as(put.error()).isZero();
    assertThat(content(to.work.resolve(name))).isEqualTo(content(tree));
    Path back = to.folder.resolve("back" + protocol);
    var get =
        to.execute(to.command("scp", "-P", protocol, "-rq", there, back.toString()), Map.of(), "");
    assertThat(get.code()).as(get.error()).isZero();
    assertThat(content(back)).isEqualTo(content(tree));
    assertThat(
            to.execute(
                    to.command("scp", "-P", protocol, "-q", there + "/none", back.toString()),
                    Map.of(),
                    "")
                .code())
        .isEqualTo(1);
  }

  @Test
  void rsyncCopiesATree() throws Exception {
    Programs.require("rsync");
    String ssh = String.join(" ", fixture.command("ssh", "-p"));
    var result =
        fixture.execute(
            List.of("rsync", "-a", "-e", ssh, "tree", "abc@127.0.0.1:there/"), Map.of(), "");
    assertThat(result.code()).as(result.error()).isZero();
    assertThat(content(fixture.work.resolve("there/tree"))).isEqualTo(content(tree));
  }

  @Test
  void gitClonesAndPushes() throws Exception {
    Programs.require("git");
    var ssh = Map.of("GIT_SSH_COMMAND", String.join(" ", fixture.command("ssh", "-p")));
    String url = "ssh://abc@127.0.0.1" + fixture.work.resolve("repo");
    git(Map.of(), "init", "-q", "--bare", fixture.work.resolve("repo").toString());
    git(Map.of(), "init", "-q", "one");
    git(
        Map.of(),
        "-C",
        "one",
        "-c",
        "user.name=a",
        "-c",
        "user.email=a@b",
        "commit",
        "-q",
        "--allow-empty",
        "-m",
        "first");
    git(ssh, "-C", "one", "push", "-q", url, "HEAD:refs/heads/main");
    git(ssh, "clone", "-q", "-b", "main", url, "two");
    var log = git(Map.of(), "-C", "two", "log", "--format=%s");
    assertThat(log.output()).isEqualTo("first\n");
  }

  private SshFixture.Result git(Map<String, String> environment, String... args) throws Exception {
    var result =
        fixture.execute(Stream.concat(Stream.of("git"), Stream.of(args)).toList(), environment, "");
    assertThat(result.code()).as(result.error()).isZero();
    return result;
  }

  private static Map<String, String> content(Path root) throws IOException {
    var content = new TreeMap<String, String>();
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        content.put(root.relativize(file).toString(), Files.readString(file));
      }
    }
    return content;
  }
}
