package dev.converge.agent;

import dev.converge.tunnel.ClassRecording;
import dev.converge.tunnel.StreamLimits;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
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
import org.awaitility.Awaitility;

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
      spare.write(FakeRelay.paired("127.0.0.1:2"));
      spare.read();
      spare.socket.close();
      enter(slot);
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
      OutputStream heard = socket.getOutputStream();
      var far = new ResumingClient(StreamLimits.DEFAULT, heard::write);
      far.connect(slot, "127.0.0.1:1");
      far.pump(socket.getInputStream());
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
      Awaitility.await().atMost(PATIENCE).until(far::isFinished);
      far.close();
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
}
