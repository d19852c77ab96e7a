package dev.converge.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLSocket;

/** TLS over TCP, by the JDK. */
final class TlsWire implements Wire {
  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;

  /**
   * @param tcp what is below, which is closed without a farewell
   */
  TlsWire(Socket tcp, SSLSocket tls) throws IOException {
    socket = tcp;
    tls.startHandshake();
    in = tls.getInputStream();
    out = tls.getOutputStream();
  }

  @Override
  public ByteBuffer buffer(int size) {
    return ByteBuffer.allocate(size);
  }

  @Override
  public void write(ByteBuffer bytes) throws IOException {
    out.write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
    bytes.position(bytes.limit());
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    into.clear();
    int count = in.read(into.array(), into.arrayOffset(), into.capacity());
    into.limit(Math.max(count, 0));
    return count;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
