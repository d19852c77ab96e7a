package dev.converge.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** ssh, sftp and rsync through wsproxy, relay and agent; whole commands, from start to end. */
final class SshFigure implements Figure {
  private static final int LARGE = 400_000_000;
  private static final int FILES = 2000;
  private static final int FILE_SIZE = 4096;
  private static final double MEGA = 1e6;

  @Override
  public String name() {
    return "ssh";
  }

  @Override
  public String purpose() {
    return "ssh, sftp and rsync through everything, beside sshd";
  }

  /** A command whose time is taken. */
  private record Job(String name, double amount, String unit, double goal, Commands commands) {}

  /** Prepares the round and makes the command. */
  @FunctionalInterface
  private interface Commands {
    List<String> of(SshPeer peer) throws IOException;
  }

  @Override
  public void measure(Bench bench) throws Exception {
    SshScene scene = SshScene.local(bench);
    Path files = Files.createDirectories(bench.scene().directory().resolve("files"));
    for (Job job : jobs(bench, scene.host(), files)) {
      bench.progress(job.name);
      bench.rounds(scene.peers(), (peer, counts) -> run(bench, job, peer, counts, files));
    }
    connect(bench, scene);
    delete(files);
  }

  private void run(Bench bench, Job job, SshPeer peer, boolean counts, Path files)
      throws Exception {
    delete(files.resolve("there"));
    Files.createDirectory(files.resolve("there"));
    double seconds = Command.seconds(job.commands.of(peer));
    if (counts) {
      Row row = new Row(name(), job.name, job.unit, SshScene.SSHD, Goal.ratioAtLeast(job.goal));
      bench.results().add(row, peer.name(), job.amount / seconds);
    }
  }

  private static List<Job> jobs(Bench bench, String host, Path files) throws IOException {
    int bytes = bench.settings().amount(LARGE);
    int count = bench.settings().amount(FILES);
    Path large = Files.write(files.resolve("large"), random(bytes));
    Path small = Files.createDirectory(files.resolve("small"));
    for (int i = 0; i < count; i++) {
      Files.write(small.resolve("file-" + i), random(FILE_SIZE));
    }
    Path there = files.resolve("there");
    double mega = bytes / MEGA;
    String size = Math.round(mega) + " MB";
    String many = count + " files of 4 KiB";
    return List.of(
        new Job(
            "ssh cat, from the job, " + size,
            mega,
            "MB/s",
            0.9,
            peer -> peer.ssh(host, "cat " + large)),
        new Job("ssh cat, to the job, " + size, mega, "MB/s", 0.9, upload(host, large)),
        new Job(
            "sftp get, " + size,
            mega,
            "MB/s",
            0.9,
            sftp(host, files, "get " + large + " " + there)),
        new Job(
            "sftp put, " + size,
            mega,
            "MB/s",
            0.9,
            sftp(host, files, "put " + large + " " + there)),
        new Job(
            "sftp get -r, " + many,
            count,
            "files/s",
            0.8,
            sftp(host, files, "get -r " + small + " " + there)),
        new Job(
            "sftp put -r, " + many,
            count,
            "files/s",
            0.8,
            sftp(host, files, "put -r " + small + " " + there)),
        new Job(
            "rsync from the job, " + size,
            mega,
            "MB/s",
            0.9,
            peer -> peer.rsync(host + ":" + large, there + "/")),
        new Job(
            "rsync to the job, " + size,
            mega,
            "MB/s",
            0.9,
            peer -> peer.rsync(large.toString(), host + ":" + there + "/")),
        new Job(
            "rsync from the job, " + many,
            count,
            "files/s",
            0.8,
            peer -> peer.rsync(host + ":" + small, there + "/")),
        new Job(
            "rsync to the job, " + many,
            count,
            "files/s",
            0.8,
            peer -> peer.rsync(small.toString(), host + ":" + there + "/")));
  }

  /** The file comes in by redirection, as people do it. */
  private static Commands upload(String host, Path file) {
    return peer -> {
      List<String> command = new ArrayList<>(List.of("sh", "-c", "exec \"$@\" <" + file, "sh"));
      command.addAll(peer.ssh(host, "cat >/dev/null"));
      return command;
    };
  }

  private static Commands sftp(String host, Path files, String line) {
    Path batch = files.resolve("batch");
    return peer -> {
      Files.writeString(batch, line + "\n");
      return peer.sftp(host, batch.toString());
    };
  }

  /** What of all these times is not the work. */
  private void connect(Bench bench, SshScene scene) throws Exception {
    Row row =
        Row.info(
            name(), "ssh true: the start, which is part of all the above", "ms", SshScene.SSHD);
    bench.rounds(
        scene.peers(),
        (peer, counts) -> {
          double seconds = Command.seconds(peer.ssh(scene.host(), "true"));
          if (counts) {
            bench.results().add(row, peer.name(), seconds * 1000);
          }
        });
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  private static void delete(Path tree) throws IOException {
    if (Files.exists(tree)) {
      List<Path> all = new ArrayList<>();
      try (Stream<Path> walk = Files.walk(tree)) {
        walk.sorted(Comparator.reverseOrder()).forEach(all::add);
      }
      for (Path path : all) {
        Files.delete(path);
      }
    }
  }
}
