package dev.converge.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The test resources have two runtimes packaged, one of which the directory replaces. */
@ExtendWith(NoLeaks.class)
final class RuntimesIT {
  @TempDir private Path directory;

  private RelayFixture relay;

  @BeforeEach
  void start() throws Exception {
    Files.writeString(directory.resolve("linux-aarch64.tar.gz"), "dropped in");
    Files.writeString(directory.resolve("linux-musl-x86_64.tar.xz"), "smaller");
    Files.writeString(directory.resolve("notes.txt"), "not for others");
    Files.writeString(directory.resolve(".secret.tar.gz"), "not for others");
    relay = RelayFixture.withRuntimes(directory);
  }

  @AfterEach
  void stop() {
    relay.awaitEmpty();
    relay.close();
  }

  private RawHttp.Response get(String name, String... headers) throws Exception {
    try (var http = new RawHttp(relay)) {
      return http.request("GET", "/docs/runtime/" + name, headers).response();
    }
  }

  @Test
  void packagedRuntimeIsServedWithItsChecksum() throws Exception {
    assertThat(get("linux-x86_64.tar.gz").body()).isEqualTo("a runtime that is packaged\n");
    assertThat(get("linux-x86_64.tar.gz.sha256").body())
        .matches("[0-9a-f]{64}  linux-x86_64.tar.gz\n");
  }

  @Test
  void downloadThatBrokeOffIsContinued() throws Exception {
    RawHttp.Response rest = get("linux-x86_64.tar.gz", "Range: bytes=2-");
    assertThat(rest.status()).isEqualTo(206);
    assertThat(rest.body()).isEqualTo("runtime that is packaged\n");
  }

  @Test
  void directoryAddsRuntimesAndReplacesPackagedOnes() throws Exception {
    assertThat(get("linux-aarch64.tar.gz").body()).isEqualTo("dropped in");
    assertThat(get("linux-musl-x86_64.tar.xz").body()).isEqualTo("smaller");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "notes.txt",
        ".secret.tar.gz",
        "runtimes.sha256",
        "linux-x86_64",
        "../agent",
        "darwin-arm64.tar.gz",
        "linux-x86_64.tar.gz/"
      })
  void nothingElseIsServed(String name) throws Exception {
    RawHttp.Response response = get(name);
    assertThat(response.status()).isEqualTo(404);
    assertThat(response.body()).isEqualTo("there is nothing here; see /\n");
  }
}
