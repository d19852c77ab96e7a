package dev.converge.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Bytes that are served as they are, held once for all requests.
 *
 * @param bytes outside Netty's accounts, as nobody releases them; a request takes a slice
 * @param sha256 of the bytes, in hex
 */
record Resource(String contentType, ByteBuf bytes, String sha256) {
  static Resource of(String contentType, byte[] content) {
    return new Resource(
        contentType, direct(content), HexFormat.of().formatHex(digest().digest(content)));
  }

  static Resource read(String contentType, InputStream in) throws IOException {
    var digest = digest();
    byte[] content = new DigestInputStream(in, digest).readAllBytes();
    return new Resource(contentType, direct(content), HexFormat.of().formatHex(digest.digest()));
  }

  /**
   * Another beginning with a part of bytes that are held already.
   *
   * @param sha256 of both together, in hex
   */
  static Resource of(String contentType, byte[] beginning, ByteBuf rest, String sha256) {
    ByteBuf both = Unpooled.wrappedBuffer(direct(beginning), rest);
    return new Resource(contentType, Unpooled.unreleasableBuffer(both), sha256);
  }

  private static ByteBuf direct(byte[] content) {
    ByteBuffer memory = ByteBuffer.allocateDirect(content.length).put(content).flip();
    return Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(memory).asReadOnly());
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** The entity tag (RFC 9110, section 8.8.3). */
  String etag() {
    return '"' + sha256 + '"';
  }

  int length() {
    return bytes.readableBytes();
  }

  ByteBuf slice(int from, int length) {
    return bytes.slice(from, length);
  }
}
