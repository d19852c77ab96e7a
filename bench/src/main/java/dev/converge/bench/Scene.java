package dev.converge.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The temporary directory of a run, the programs that run there, and whatever else has to be gone
 * at the end: the last first, also when the run is broken off.
 */
final class Scene implements AutoCloseable {
  private static final int ARCHIVE_POLLS = 600;
  private static final long POLL_MILLIS = 100;

  private final Path directory;
  private final Deque<AutoCloseable> things = new ArrayDeque<>(); // guarded by this
  private int programs;
  private boolean closed;

  private Scene(Path directory) {
    this.directory = directory;
  }

  /**
   * @param directory that the caller deletes
   */
  static Scene in(Path directory) {
    Scene scene = new Scene(directory);
    Runtime.getRuntime().addShutdownHook(new Thread(scene::close));
    return scene;
  }

  Path directory() {
    return directory;
  }

  Path file(String name, String content) throws IOException {
    return Files.writeString(directory.resolve(name), content);
  }

  /** A TCP port of loopback that was free a moment ago. */
  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** Starts a program; its output and its complaints go to a log in the directory. */
  Program start(String name, List<String> command, Map<String, String> environment)
      throws IOException {
    Path log = directory.resolve(name.replaceAll("\\W", "-") + "-" + programs++ + ".log");
    Path home = Files.createDirectories(directory.resolve("home"));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(home.toFile())
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectOutput(log.toFile())
            .redirectErrorStream(true);
    builder.environment().putAll(environment);
    synchronized (this) {
      if (closed) {
        throw new IOException("the run is over");
      }
      return keep(new Program(name, builder.start(), log));
    }
  }

  synchronized <T extends AutoCloseable> T keep(T thing) {
    things.push(thing);
    return thing;
  }

  /** Ends something before the run does. */
  void end(AutoCloseable thing) throws Exception {
    synchronized (this) {
      things.remove(thing);
    }
    thing.close();
  }

  /** Ends something before the run does, and all that came after it first. */
  void endFrom(AutoCloseable thing) throws Exception {
    AutoCloseable last;
    do {
      synchronized (this) {
        last = things.pop();
      }
      last.close();
    } while (last != thing);
  }

  /** Waits until so many archives of classes are in the cache of this run. */
  void awaitArchives(int count) throws IOException, InterruptedException {
    for (int i = 0; archives() < count; i++) {
      if (i == ARCHIVE_POLLS) {
        throw new IOException("the programs have not made their archives of classes in 60 s");
      }
      Thread.sleep(POLL_MILLIS);
    }
  }

  private long archives() throws IOException {
    try (Stream<Path> all = Files.walk(directory.resolve("cache"))) {
      return all.filter(file -> file.toString().endsWith(".jsa")).count();
    }
  }

  /** Ends everything that still runs. */
  synchronized void endAll() {
    while (!things.isEmpty()) {
      try {
        things.pop().close();
      } catch (Exception e) {
        System.err.println("bench: at the end: " + e);
      }
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    endAll();
  }
}
