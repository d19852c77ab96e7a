package dev.converge.tunnel;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What each end of a resumable stream says first on each path: the client which stream it means,
 * the agent whether it may have it, both how far they got. See docs/protocol.md.
 *
 * @param version of the layer; of another than {@link #VERSION} nothing else is known
 * @param path which of the client's paths for this stream it is, from 1 on
 * @param received how much of the other's direction has arrived
 * @param refusal for people, why not; otherwise empty
 */
public record Hello(
    int version, @Nullable Kind kind, StreamId id, int path, long received, String refusal) {
  /** What an end wants. */
  public enum Kind {
    /** The client begins a stream, or was never told that it has begun. */
    OPEN(1),
    /** The client goes on with a stream. */
    RESUME(2),
    /** The agent does as it is asked. */
    ACCEPT(3),
    /** The agent does not. */
    REFUSE(4);

    private final int code;

    Kind(int code) {
      this.code = code;
    }

    private static Kind of(int code) throws ProtocolViolation {
      for (Kind kind : values()) {
        if (kind.code == code) {
          return kind;
        }
      }
      throw new ProtocolViolation("hello of unknown kind " + code);
    }
  }

  /** The version that this program speaks. */
  public static final int VERSION = 1;

  /** In place of a version: whoever says it speaks plainly from here on. */
  static final int PLAIN = 0;

  static final int MAGIC = 0xce435647;
  static final int HEAD = 8;
  static final int MAX_BODY = 1024;
  private static final int BODY = 28;
  private static final int MAX_REFUSAL = 123;

  /** Whether a path that begins with this byte may begin with a hello; no text begins so. */
  public static boolean startsWith(byte first) {
    return first == (byte) (MAGIC >> 24);
  }

  /** The agent's answer to a version that it does not speak: plain bytes follow, both ways. */
  public static Hello plain() {
    return new Hello(PLAIN, null, StreamId.NONE, 0, 0, "");
  }

  /** The agent's answer to a client that cannot have what it wants. */
  public static Hello refuse(StreamId id, String why) {
    return new Hello(VERSION, Kind.REFUSE, id, 0, 0, Text.truncateUtf8(why, MAX_REFUSAL));
  }

  static Hello of(Kind kind, StreamId id, int path, long received) {
    return new Hello(VERSION, kind, id, path, received, "");
  }

  /** Whether the rest of it means anything to this program. */
  public boolean understood() {
    return version == VERSION;
  }

  boolean asksFor(StreamId stream) {
    return (kind == Kind.OPEN || kind == Kind.RESUME) && id.equals(stream);
  }

  boolean accepts(StreamId stream, int on) {
    return kind == Kind.ACCEPT && id.equals(stream) && path == on;
  }

  /** The hello as it goes over the path. */
  public byte[] bytes() {
    byte[] text = refusal.getBytes(StandardCharsets.UTF_8);
    int length = kind == null ? 0 : BODY + text.length;
    ByteBuffer hello = ByteBuffer.allocate(HEAD + length).putInt(MAGIC).put((byte) version);
    hello.put((byte) (kind == null ? 0 : kind.code)).putShort((short) length);
    if (kind != null) {
      id.write(hello);
      hello.putInt(path).putLong(received).put(text);
    }
    return hello.array();
  }

  /** Reads a hello of which the magic and the length have been looked at. */
  static Hello parse(ByteBuffer hello) throws ProtocolViolation {
    int version = hello.get(4) & 0xff;
    if (version != VERSION) {
      return new Hello(version, null, StreamId.NONE, 0, 0, "");
    }
    Kind kind = Kind.of(hello.get(5) & 0xff);
    int length = hello.remaining() - HEAD;
    if (length < BODY || length > BODY + (kind == Kind.REFUSE ? MAX_REFUSAL : 0)) {
      throw new ProtocolViolation("hello of " + length + " bytes");
    }
    ByteBuffer body = hello.slice(HEAD, length);
    StreamId id = StreamId.read(body);
    int path = body.getInt();
    long received = body.getLong();
    if (path < 0 || received < 0) {
      throw new ProtocolViolation("hello with the path " + path + ", the position " + received);
    }
    return new Hello(version, kind, id, path, received, text(body));
  }

  private static String text(ByteBuffer rest) throws ProtocolViolation {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(rest).toString();
    } catch (CharacterCodingException e) {
      throw new ProtocolViolation(CloseReason.INVALID_PAYLOAD, "refusal that is not UTF-8");
    }
  }
}
