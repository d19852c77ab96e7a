package dev.converge.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ProgramFileTest {
  private static byte[] jar() throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var zip = new ZipOutputStream(bytes)) {
      for (String name : new String[] {"a", "b"}) {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(name.getBytes(StandardCharsets.US_ASCII));
      }
    }
    return bytes.toByteArray();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "#!/bin/sh\nexit\n", "PK\u0003\u0004 in the script\n"})
  void jarIsWhatStandsBehindTheScript(String script) throws IOException {
    ByteBuf file =
        Unpooled.wrappedBuffer(script.getBytes(StandardCharsets.US_ASCII), jar()).asReadOnly();
    assertThat(ByteBufUtil.getBytes(ProgramFile.jarOf(file))).isEqualTo(jar());
  }

  @Test
  void scriptAloneHasNoJar() {
    byte[] script = "no jar in this one, really".getBytes(StandardCharsets.US_ASCII);
    assertThat(ProgramFile.jarOf(Unpooled.wrappedBuffer(script))).isNull();
    assertThat(ProgramFile.jarOf(Unpooled.EMPTY_BUFFER)).isNull();
  }

  @Test
  void resourceOfTwoPartsIsServedAsOne() {
    Resource whole = Resource.of("x/y", "0123456789".getBytes(StandardCharsets.US_ASCII));
    Resource joined =
        Resource.of("x/y", "ab".getBytes(StandardCharsets.US_ASCII), whole.slice(4, 6), "sum");
    assertThat(joined.length()).isEqualTo(8);
    assertThat(joined.etag()).isEqualTo("\"sum\"");
    assertThat(joined.slice(1, 3).toString(StandardCharsets.US_ASCII)).isEqualTo("b45");
    joined.slice(0, 8).release();
    assertThat(joined.slice(0, 8).toString(StandardCharsets.US_ASCII)).isEqualTo("ab456789");
    assertThat(whole.slice(0, 4).toString(StandardCharsets.US_ASCII)).isEqualTo("0123");
  }
}
