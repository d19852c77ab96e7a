package dev.converge.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class JobFilesTest {
  @TempDir Path folder;
  private final JobFiles files = new JobFiles();

  @BeforeEach
  void onUnix() {
    assumeThat(FileSystems.getDefault().supportedFileAttributeViews()).contains("unix");
  }

  @Test
  void attributesAreThoseThatTheSystemKnows() throws Exception {
    Path file = Files.createFile(folder.resolve("a"));
    assertThat(files.readFileAttributes(null, file, "unix:*"))
        .isEqualTo(Files.readAttributes(file, "unix:*"));
  }

  @Test
  void namesOfOwnersAreAskedForOnce() throws Exception {
    var one = files.readFileAttributes(null, Files.createFile(folder.resolve("a")), "unix:*");
    var other = files.readFileAttributes(null, Files.createFile(folder.resolve("b")), "unix:*");
    assertThat((Object) other.get("owner")).isSameAs(one.get("owner"));
    assertThat((Object) other.get("group")).isSameAs(one.get("group"));
  }

  /** A device that cannot be synchronized tells who tries. */
  @Test
  void closedFileIsNotForcedToTheDisk() throws Exception {
    Path device = Path.of("/dev/null");
    FileChannel channel = FileChannel.open(device, StandardOpenOption.WRITE);
    files.closeFile(null, null, device, "", channel, Set.of(StandardOpenOption.WRITE));
    assertThat(channel.isOpen()).isFalse();
  }
}
