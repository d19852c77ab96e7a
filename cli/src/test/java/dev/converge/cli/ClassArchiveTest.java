package dev.converge.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ClassArchiveTest {
  private final List<String> asked = new ArrayList<>();

  /** As a JVM of another version: some classes are not there, or do not fit. */
  private final ClassLoader loader =
      new ClassLoader(null) {
        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
          asked.add(name);
          if (name.startsWith("gone.")) {
            throw new ClassNotFoundException(name);
          }
          throw new NoClassDefFoundError(name);
        }
      };

  @Test
  void classesThatCannotBeLoadedDoNotStopTheOthers() {
    String list = "gone.First\njava.lang.String\nbroken.Second\ngone.Third\n";

    ClassArchive.loadAll(new ByteArrayInputStream(list.getBytes(US_ASCII)), loader);

    assertThat(asked).containsExactly("gone.First", "broken.Second", "gone.Third");
  }
}
