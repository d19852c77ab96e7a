package dev.converge.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.keyverifier.AcceptAllServerKeyVerifier;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.apache.sshd.sftp.client.SftpClient;
import org.apache.sshd.sftp.client.SftpClient.OpenMode;
import org.apache.sshd.sftp.client.SftpClientFactory;
import org.apache.sshd.sftp.client.SftpVersionSelector;
import org.apache.sshd.sftp.client.impl.DefaultSftpClient;
import org.apache.sshd.sftp.common.SftpConstants;
import org.apache.sshd.sftp.common.SftpException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
final class ReadOnlyIT {
  @TempDir Path folder;
  private SshFixture fixture;
  private Map<String, String> before;

  private void start(String command) throws Exception {
    fixture =
        new SshFixture(
            folder,
            new Rules(true, command, LoginLimits.USUAL),
            config ->
                new SshConfig(
                    config.directory(),
                    config.keys(),
                    "s3cret",
                    null,
                    null,
                    true,
                    config.environment()));
    Files.createDirectory(fixture.work.resolve("dir"));
    Files.writeString(fixture.work.resolve("dir/inner"), "inner\n");
    Path file = Files.writeString(fixture.work.resolve("file"), "content\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    Files.setLastModifiedTime(file, FileTime.from(Instant.ofEpochSecond(1_000_000_000)));
    before = state();
  }

  @AfterEach
  void nothingHasChanged() throws Exception {
    assertThat(state()).isEqualTo(before);
    fixture.close();
  }

  /** Of each file all that a client could change. */
  private Map<String, String> state() throws IOException {
    var state = new TreeMap<String, String>();
    try (Stream<Path> all = Files.walk(fixture.work)) {
      for (Path path : all.toList()) {
        String content = Files.isRegularFile(path) ? Files.readString(path) : "";
        state.put(
            fixture.work.relativize(path).toString(),
            Files.readAttributes(path, "unix:mode,uid,gid,lastModifiedTime,nlink") + content);
      }
    }
    return state;
  }

  private SshFixture.Result run(List<String> command) throws Exception {
    return fixture.execute(command, Map.of(), "");
  }

  @Test
  void commandsAreRefused() throws Exception {
    start(null);
    for (String command :
        List.of(
            "touch made",
            "scp -t made",
            "scp -f -t made",
            "scp -f  -t made",
            "scp -ft made",
            "scp -rtf made",
            "rsync --server . .",
            "git-receive-pack x")) {
      var result = fixture.ssh(command);
      assertThat(result.code()).as(command).isEqualTo(1);
      assertThat(result.error())
          .isEqualToNormalizingNewlines("converge: this session is read-only: no commands\n");
    }
  }

  @Test
  void nameOfAFileToFetchIsNoCommand() throws Exception {
    start(null);
    for (String command : List.of("scp -f file; touch made", "scp -f $(touch made)")) {
      assertThat(fixture.ssh(command).code()).isNotZero();
    }
  }

  @Test
  void filesAreFetchedByAllMeans() throws Exception {
    start(null);
    String batch = "ls -l\nget file\nget -r dir\n";
    var got =
        fixture.execute(
            fixture.command("sftp", "-P", "-q", "-b", "-", "abc@127.0.0.1"), Map.of(), batch);
    assertThat(got.code()).as(got.error()).isZero();
    assertThat(folder.resolve("file")).hasContent("content\n");
    assertThat(folder.resolve("dir/inner")).hasContent("inner\n");
    for (String protocol : List.of("-s", "-O")) {
      String to = folder.resolve("got" + protocol).toString();
      var scp = run(fixture.command("scp", "-P", protocol, "-rq", "abc@127.0.0.1:dir", to));
      assertThat(scp.code()).as(scp.error()).isZero();
      assertThat(Path.of(to, "inner")).hasContent("inner\n");
    }
  }

  @Test
  void filesAreBroughtByNoMeans() throws Exception {
    start(null);
    Path made = Files.writeString(folder.resolve("made"), "longer than what is there\n");
    for (String protocol : List.of("-s", "-O")) {
      var scp = run(fixture.command("scp", "-P", protocol, made.toString(), "abc@127.0.0.1:made"));
      assertThat(scp.code()).isEqualTo(1);
    }
    var writes =
        List.of(
            "put made",
            "put made file",
            "reput made file",
            "rm file",
            "rmdir dir",
            "mkdir new",
            "rename file new",
            "rename -l file new",
            "chmod 777 file",
            "chown 1 file",
            "chgrp 1 file",
            "ln file new",
            "ln -s file new");
    var sftp =
        fixture.execute(
            fixture.command("sftp", "-P", "-q", "-b", "-", "abc@127.0.0.1"),
            Map.of(),
            "-" + String.join("\n-", writes) + "\n");
    assertThat(sftp.error().lines().filter(line -> line.contains("ermission denied")))
        .as(sftp.error())
        .hasSize(writes.size());
  }

  private void assertDenied(ThrowingCallable request) {
    assertThatThrownBy(request)
        .isInstanceOfSatisfying(
            SftpException.class,
            e -> assertThat(e.getStatus()).isEqualTo(SftpConstants.SSH_FX_PERMISSION_DENIED));
  }

  /** What OpenSSH's sftp does not send, or only behind other requests. */
  @ParameterizedTest
  @ValueSource(ints = {3, 6})
  void otherClientsChangeNothingEither(int version) throws Exception {
    start(null);
    try (SshClient client = SshClient.setUpDefaultClient()) {
      client.setServerKeyVerifier(AcceptAllServerKeyVerifier.INSTANCE);
      client.start();
      var session =
          client
              .connect("abc", "127.0.0.1", fixture.server.port())
              .verify(Duration.ofSeconds(20))
              .getSession();
      session.addPasswordIdentity("s3cret");
      session.auth().verify(Duration.ofSeconds(20));
      try (SftpClient sftp =
          SftpClientFactory.instance()
              .createSftpClient(session, SftpVersionSelector.fixedVersionSelector(version))) {
        for (var modes :
            List.of(
                EnumSet.of(OpenMode.Write),
                EnumSet.of(OpenMode.Read, OpenMode.Write),
                EnumSet.of(OpenMode.Append),
                EnumSet.of(OpenMode.Read, OpenMode.Truncate),
                EnumSet.of(OpenMode.Read, OpenMode.Create))) {
          assertDenied(() -> sftp.open("file", modes));
        }
        assertDenied(() -> sftp.open("new", EnumSet.of(OpenMode.Read, OpenMode.Create)));
        assertDenied(() -> sftp.setStat("file", new SftpClient.Attributes().size(0)));
        assertDenied(() -> sftp.link("new", "file", version < 6));
        assertDenied(() -> sftp.remove("file"));
        try (var file = sftp.open("file", OpenMode.Read);
            var other = sftp.open("dir/inner", OpenMode.Read)) {
          assertDenied(() -> sftp.setStat(file, new SftpClient.Attributes().perms(0777)));
          assertDenied(() -> sftp.write(file, 0, "x".getBytes(StandardCharsets.US_ASCII), 0, 1));
          var copy = new ByteArrayBuffer();
          copy.putBytes(other.getIdentifier());
          copy.putLong(0);
          copy.putLong(5);
          copy.putBytes(file.getIdentifier());
          copy.putLong(0);
          assertThat(extended(sftp, "copy-data", copy)).isEqualTo(denied());
        }
        for (String name :
            List.of("posix-rename@openssh.com", "hardlink@openssh.com", "copy-file", "any")) {
          var two = new ByteArrayBuffer();
          two.putString("file");
          two.putString("new");
          two.putBoolean(true);
          assertThat(extended(sftp, name, two)).as(name).isEqualTo(denied());
        }
        assertThat(openForReadingWithAttributes(sftp, version)).isNotEqualTo(denied());
        assertThat(sftp.stat("file").getSize()).isEqualTo(8);
      }
    }
  }

  private static int denied() {
    return SftpConstants.SSH_FX_PERMISSION_DENIED;
  }

  private static int extended(SftpClient sftp, String name, ByteArrayBuffer arguments)
      throws IOException {
    var request = new ByteArrayBuffer();
    request.putString(name);
    request.putRawBytes(arguments.getCompactData());
    return status(sftp, SftpConstants.SSH_FXP_EXTENDED, request);
  }

  /** A size that the file is to have: no file system takes it when a file is opened. */
  private static int openForReadingWithAttributes(SftpClient sftp, int version) throws IOException {
    var request = new ByteArrayBuffer();
    request.putString("file");
    if (version >= 5) {
      request.putInt(SftpConstants.ACE4_READ_DATA);
      request.putInt(SftpConstants.SSH_FXF_OPEN_EXISTING);
    } else {
      request.putInt(SftpConstants.SSH_FXF_READ);
    }
    request.putInt(SftpConstants.SSH_FILEXFER_ATTR_SIZE);
    if (version >= 4) {
      request.putByte((byte) SftpConstants.SSH_FILEXFER_TYPE_REGULAR);
    }
    request.putLong(0);
    return status(sftp, SftpConstants.SSH_FXP_OPEN, request);
  }

  private static int status(SftpClient sftp, int type, ByteArrayBuffer request) throws IOException {
    var raw = (DefaultSftpClient) sftp;
    var answer = raw.receive(raw.send(type, request));
    answer.getInt();
    int kind = answer.getUByte();
    answer.getInt();
    return kind == SftpConstants.SSH_FXP_STATUS ? answer.getInt() : 0;
  }

  @Test
  void pipesAreNotReadFrom() throws Exception {
    start(null);
    Path pipe = fixture.work.resolve("pipe");
    run(List.of("mkfifo", pipe.toString()));
    before = state();
    var get =
        fixture.execute(
            fixture.command("sftp", "-P", "-q", "-b", "-", "abc@127.0.0.1"),
            Map.of(),
            "get pipe\n");
    assertThat(get.code()).isEqualTo(1);
  }

  @Test
  void nothingIsForwarded() throws Exception {
    start(null);
    String there = fixture.work.resolve("there") + ":127.0.0.1:1";
    var remote = fixture.sshCommand("-N", "-R", there, "-o", "ExitOnForwardFailure=yes");
    remote.add("abc@127.0.0.1");
    assertThat(run(remote).error()).contains("forwarding failed");
    var local =
        fixture.sshCommand("-v", "-W", "127.0.0.1:" + fixture.server.port(), "abc@127.0.0.1");
    assertThat(run(local).error()).contains("administratively prohibited");
  }

  @Test
  void typedInputIsThrownAway() throws Exception {
    start("echo ready; read -t 1 line && echo \"got $line\" || echo nothing");
    try (var screen = new Screen(fixture.sshCommand("-tt", "abc@127.0.0.1"))) {
      screen.await("ready").type("hello\n\u0003\u0004").await("nothing");
      assertThat(screen.exitCode()).isZero();
    }
  }

  @Test
  void commandWithoutATerminalHasNoInput() throws Exception {
    start("cat; echo \"$SSH_ORIGINAL_COMMAND\"");
    assertThat(fixture.ssh("hello", "touch made").output()).isEqualTo("touch made\n");
  }

  @Test
  void shellSaysWhatItIsAndLetsOneLeave() throws Exception {
    start(null);
    try (var screen = new Screen(fixture.sshCommand("-tt", "abc@127.0.0.1"))) {
      screen.await("this session is read-only").type("touch made\n").type("~.");
      assertThat(screen.exitCode()).isEqualTo(255);
    }
  }
}
