package dev.converge.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** 200 MB on their way through a real ssh. */
final class Transfer implements AutoCloseable {
  private static final int SIZE = 200_000_000;

  /** From the developer's side. */
  enum Direction {
    UP("\"$@\" sha256sum <cargo"),
    DOWN("\"$@\" cat %s | sha256sum");

    final String script;

    Direction(String script) {
      this.script = script;
    }
  }

  /** What is carried. */
  record Cargo(Path file, String checksum) {
    /** Makes one in a directory. */
    static Cargo in(Path directory) throws IOException {
      Path file = directory.resolve("cargo");
      var random = new Random(1);
      byte[] block = new byte[1_000_000];
      try (OutputStream out = Files.newOutputStream(file)) {
        for (int i = 0; i < SIZE / block.length; i++) {
          random.nextBytes(block);
          out.write(block);
        }
      }
      List<String> command = List.of("sh", "-c", "sha256sum <cargo");
      return new Cargo(file, Child.start(directory, Map.of(), command).success());
    }
  }

  private final Child child;
  private final Cargo cargo;

  private Transfer(Child child, Cargo cargo) {
    this.child = child;
    this.cargo = cargo;
  }

  static Transfer start(OpenSsh by, Direction direction, Cargo cargo) {
    String script = direction.script.formatted(cargo.file());
    List<String> command = new ArrayList<>(List.of("sh", "-c", script, "sh"));
    command.addAll(by.command());
    return new Transfer(Child.start(cargo.file().getParent(), Map.of(), command), cargo);
  }

  /** The ssh and what it has started. */
  Child child() {
    return child;
  }

  boolean isUnderWay() {
    return child.isAlive();
  }

  /** Waits for its end; every byte must have come. */
  void arrivesWhole(Duration limit) {
    assertThat(child.exit(limit)).as("%s", child).isZero();
    assertThat(child.out()).isEqualTo(cargo.checksum());
  }

  @Override
  public void close() {
    child.close();
  }
}
