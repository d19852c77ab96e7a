package dev.converge.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the packaged agent has for other machines than this one, as far as it can be seen here. */
final class OtherPlatformsIT {
  private static URLClassLoader agent() throws Exception {
    URL file = Path.of(Packaged.program("agent")).toUri().toURL();
    return new URLClassLoader(new URL[] {file}, ClassLoader.getPlatformClassLoader());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "com.pty4j.unix.ProcessBuilderUnixLauncher",
        "com.pty4j.unix.macosx.OSFacadeImpl",
        "com.pty4j.windows.conpty.ProcessUtils",
        "com.pty4j.windows.conpty.PseudoConsole",
        "com.pty4j.windows.conpty.WinConPtyProcess",
        "com.pty4j.windows.conpty.WinHandleInputStream",
        "com.pty4j.windows.conpty.WindowsVersionImpl"
      })
  void classesForOtherPlatformsAreThereWithWhatTheyReferTo(String name) throws Exception {
    try (URLClassLoader agent = agent()) {
      assertThat(Class.forName(name, false, agent).getDeclaredMethods()).isNotEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "com/sun/jna/darwin-aarch64/libjnidispatch.jnilib",
        "com/sun/jna/darwin-x86-64/libjnidispatch.jnilib",
        "com/sun/jna/linux-aarch64/libjnidispatch.so",
        "com/sun/jna/linux-x86-64/libjnidispatch.so",
        "com/sun/jna/win32-aarch64/jnidispatch.dll",
        "com/sun/jna/win32-x86-64/jnidispatch.dll",
        "resources/com/pty4j/native/darwin/libpty.dylib",
        "resources/com/pty4j/native/darwin/pty4j-unix-spawn-helper",
        "resources/com/pty4j/native/linux/aarch64/libpty.so",
        "resources/com/pty4j/native/linux/x86-64/libpty.so"
      })
  void nativePartsAreThere(String name) throws Exception {
    try (URLClassLoader agent = agent()) {
      assertThat(agent.findResource(name)).isNotNull();
    }
  }

  /** The way to a terminal that macOS and Windows have: pty4j's, which works on Linux as well. */
  @Test
  void pty4jMakesATerminalWithWhatIsPackaged() throws Exception {
    try (URLClassLoader agent = agent()) {
      Class<?> type = agent.loadClass("com.pty4j.PtyProcessBuilder");
      Object builder =
          type.getConstructor(String[].class).newInstance((Object) new String[] {"/usr/bin/tty"});
      Process process = (Process) type.getMethod("start").invoke(builder);
      try (InputStream in = process.getInputStream()) {
        byte[] line = in.readNBytes("/dev/".length());
        assertThat(new String(line, StandardCharsets.US_ASCII)).isEqualTo("/dev/");
      }
      assertThat(process.waitFor()).isZero();
    }
  }
}
