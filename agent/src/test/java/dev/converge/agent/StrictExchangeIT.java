package dev.converge.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.apache.sshd.common.SshConstants;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The strict key exchange of OpenSSH's PROTOCOL, section 1.10, which ends the Terrapin attack. */
@Timeout(60)
final class StrictExchangeIT {
  private static final List<String> PROPOSAL =
      List.of(
          "ssh-ed25519",
          "aes128-gcm@openssh.com",
          "aes128-gcm@openssh.com",
          "hmac-sha2-256-etm@openssh.com",
          "hmac-sha2-256-etm@openssh.com",
          "none",
          "none",
          "",
          "");

  @TempDir Path folder;
  private SshFixture fixture;
  private Socket socket;
  private DataInputStream in;
  private DataOutputStream out;

  @BeforeEach
  void connect() throws Exception {
    fixture = new SshFixture(folder);
    socket = new Socket(InetAddress.getLoopbackAddress(), fixture.server.port());
    in = new DataInputStream(socket.getInputStream());
    out = new DataOutputStream(socket.getOutputStream());
    out.writeBytes("SSH-2.0-test\r\n");
    for (int next = in.read(); next != '\n'; next = in.read()) {
      assertThat(next).isNotNegative();
    }
  }

  @AfterEach
  void close() throws IOException {
    socket.close();
    fixture.close();
  }

  /** A packet as long as nothing is encrypted (RFC 4253, section 6). */
  private void send(byte[] payload) throws IOException {
    int padding = 8 + 7 - (payload.length + 5 + 7) % 8;
    out.writeInt(1 + payload.length + padding);
    out.writeByte(padding);
    out.write(payload);
    out.write(new byte[padding]);
    out.flush();
  }

  private byte[] receive() throws IOException {
    int length = in.readInt();
    int padding = in.readUnsignedByte();
    byte[] payload = in.readNBytes(length - padding - 1);
    in.skipNBytes(padding);
    return payload;
  }

  private void propose(String exchanges) throws IOException {
    var bytes = new ByteArrayOutputStream();
    var message = new DataOutputStream(bytes);
    message.writeByte(SshConstants.SSH_MSG_KEXINIT);
    message.write(new byte[16]);
    writeNames(message, exchanges);
    for (String names : PROPOSAL) {
      writeNames(message, names);
    }
    message.writeByte(0);
    message.writeInt(0);
    send(bytes.toByteArray());
  }

  private static void writeNames(DataOutputStream message, String names) throws IOException {
    message.writeInt(names.length());
    message.writeBytes(names);
  }

  private void ignoreMe() throws IOException {
    send(new byte[] {SshConstants.SSH_MSG_IGNORE, 0, 0, 0, 0});
  }

  private void offerKey() throws IOException {
    var bytes = new ByteArrayOutputStream();
    var message = new DataOutputStream(bytes);
    message.writeByte(SshConstants.SSH_MSG_KEXDH_INIT);
    message.writeInt(32);
    message.write(9);
    message.write(new byte[31]);
    send(bytes.toByteArray());
  }

  @Test
  void itIsOffered() throws IOException {
    assertThat(new String(receive(), StandardCharsets.ISO_8859_1))
        .contains("kex-strict-s-v00@openssh.com");
  }

  @Test
  void messageThatMayBeSlippedInEndsTheConnection() throws IOException {
    receive();
    propose("curve25519-sha256,kex-strict-c-v00@openssh.com");
    ignoreMe();
    assertThat(receive()[0]).isEqualTo(SshConstants.SSH_MSG_DISCONNECT);
    assertThat(in.read()).isNegative();
  }

  /** So it is not the messages themselves that are wrong. */
  @Test
  void oldClientMaySendIt() throws IOException {
    receive();
    propose("curve25519-sha256");
    ignoreMe();
    offerKey();
    assertThat(receive()[0]).isEqualTo(SshConstants.SSH_MSG_KEXDH_REPLY);
  }
}
