package dev.converge.agent;

import dev.converge.tunnel.ClassRecording;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.apache.sshd.client.ClientBuilder;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.channel.ClientChannel;
import org.apache.sshd.client.channel.ClientChannelEvent;
import org.apache.sshd.client.keyverifier.AcceptAllServerKeyVerifier;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.NamedFactory;
import org.apache.sshd.common.cipher.BuiltinCiphers;
import org.apache.sshd.common.kex.BuiltinDHFactories;
import org.apache.sshd.sftp.client.SftpClient;
import org.apache.sshd.sftp.client.SftpClientFactory;

/** Writes the names of the classes that an agent loads until it is entered, and in a session. */
final class Recording {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String PASSWORD = "for one moment";

  private Recording() {}

  public static void main(String[] args) throws Exception {
    ClassRecording classes = new ClassRecording(AgentMain.class);
    try (FakeRelay relay = new FakeRelay()) {
      Process agent =
          classes.start(
              List.of(),
              Map.of("CONVERGE_PASSWORD", PASSWORD, "HOME", "/nonexistent", "SHELL", "/bin/sh"),
              "ws://127.0.0.1:" + relay.port() + "/agent/x",
              "--linger=PT0.1S");
      FakeRelay.Connection slot = relay.slot();
      FakeRelay.Connection spare = relay.slot();
      ClassRecording.awaitLine(agent, "waiting for clients");
      slot.write(FakeRelay.paired("127.0.0.1:1"));
      enter(slot);
      spare.socket.close();
      ClassRecording.end(agent);
    }
    classes.write(Path.of(args[0]));
  }

  /** What a person does with ssh and sftp. */
  private static void enter(FakeRelay.Connection slot) throws Exception {
    try (ServerSocket door = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        SshClient client = SshClient.setUpDefaultClient()) {
      client.setServerKeyVerifier(AcceptAllServerKeyVerifier.INSTANCE);
      client.setCipherFactories(List.of(BuiltinCiphers.aes128gcm));
      client.setKeyExchangeFactories(
          NamedFactory.setUpTransformedFactories(
              true, List.of(BuiltinDHFactories.sntrup761x25519), ClientBuilder.DH2KEX));
      client.start();
      var connecting = client.connect(Login.USER, "127.0.0.1", door.getLocalPort());
      Socket socket = door.accept();
      daemon(() -> toAgent(socket, slot));
      daemon(() -> toClient(slot, socket));
      try (ClientSession session = connecting.verify(PATIENCE).getSession()) {
        session.addPasswordIdentity(PASSWORD);
        session.auth().verify(PATIENCE);
        await(session.createExecChannel("true"));
        await(session.createShellChannel());
        try (SftpClient sftp = SftpClientFactory.instance().createSftpClient(session)) {
          sftp.readDir(".").forEach(entry -> {});
          sftp.stat(".");
        }
      }
    }
  }

  private static void await(ClientChannel channel) throws IOException {
    try (channel) {
      channel.setIn(new ByteArrayInputStream("exit\n".getBytes(StandardCharsets.UTF_8)));
      channel.setOut(new ByteArrayOutputStream());
      channel.setErr(new ByteArrayOutputStream());
      channel.open().verify(PATIENCE);
      if (channel
          .waitFor(EnumSet.of(ClientChannelEvent.CLOSED), PATIENCE)
          .contains(ClientChannelEvent.TIMEOUT)) {
        throw new IOException("a command has not ended");
      }
    }
  }

  private interface Pump {
    void run() throws IOException;
  }

  private static void daemon(Pump pump) {
    Thread thread =
        new Thread(
            () -> {
              try {
                pump.run();
              } catch (IOException e) {
                // One of the two has gone.
              }
            });
    thread.setDaemon(true);
    thread.start();
  }

  /** However the client goes, by an end or by a reset, the agent is told that it has gone. */
  private static void toAgent(Socket from, FakeRelay.Connection slot) throws IOException {
    byte[] buffer = new byte[16 << 10];
    try {
      for (int n = from.getInputStream().read(buffer);
          n >= 0;
          n = from.getInputStream().read(buffer)) {
        slot.write(FakeRelay.frame(FakeRelay.FIN | FakeRelay.BINARY, Arrays.copyOf(buffer, n)));
      }
    } finally {
      slot.write(FakeRelay.close(1000, ""));
    }
  }

  private static void toClient(FakeRelay.Connection slot, Socket to) throws IOException {
    try (to) {
      for (FakeRelay.Frame frame = slot.read();
          frame.opcode() != FakeRelay.CLOSE;
          frame = slot.read()) {
        if (frame.opcode() == FakeRelay.BINARY) {
          to.getOutputStream().write(frame.payload().getBytes(StandardCharsets.ISO_8859_1));
        }
      }
    } catch (EOFException e) {
      // As good as a close.
    }
  }
}
