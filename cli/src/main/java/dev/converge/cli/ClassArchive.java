package dev.converge.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/**
 * Loads what a run of the program loads, and ends: for {@code java -XX:ArchiveClassesAtExit}, from
 * whose archive later runs take these classes. The build has recorded the names in such a run.
 */
public final class ClassArchive {
  /** Where in a program's jar the names are, one in each line. */
  private static final String LIST = "META-INF/converge/classes.list";

  private ClassArchive() {}

  public static void main(String[] args) throws IOException {
    ClassLoader loader = ClassLoader.getSystemClassLoader();
    try (InputStream list = loader.getResourceAsStream(LIST)) {
      if (list != null) {
        loadAll(list, loader);
      }
    }
  }

  static void loadAll(InputStream list, ClassLoader loader) {
    new BufferedReader(new InputStreamReader(list, StandardCharsets.US_ASCII))
        .lines()
        .forEach(name -> load(name, loader));
  }

  /** Classes of other versions of Java may be missing; no archive is worth a failure. */
  private static void load(String name, ClassLoader loader) {
    try {
      Class.forName(name, false, loader);
    } catch (ClassNotFoundException | LinkageError e) {
      // It is loaded when it is needed, as without an archive.
    }
  }
}
