package dev.converge.wsproxy;

import dev.converge.cli.ClientFlags;
import dev.converge.cli.Command;
import dev.converge.cli.ExitCode;
import dev.converge.cli.Failure;
import dev.converge.cli.Flag;
import dev.converge.cli.Flags;
import dev.converge.cli.Program;
import dev.converge.cli.TextConverter;
import dev.converge.tunnel.CloseReason;
import dev.converge.tunnel.Endpoint;
import dev.converge.tunnel.StreamBridge;
import dev.converge.tunnel.WebSocketClient;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;

/** The program {@code wsproxy}. */
public final class WsproxyMain implements Command {
  private static final CloseReason SIGNAL =
      new CloseReason(CloseReason.GOING_AWAY, "wsproxy was stopped");

  private final Map<String, String> environment;
  private final InputStream in;
  private final OutputStream out;
  private final Flags flags;
  private final Flag<String> url;
  private final ClientFlags client;

  WsproxyMain(Map<String, String> environment, InputStream in, OutputStream out) {
    this.environment = environment;
    this.in = in;
    this.out = out;
    flags = new Flags("wsproxy", environment);
    flags.describe(
        List.of(
            "Connects standard input and output to a session, as a ProxyCommand for ssh and sftp:",
            "  ssh -oProxyCommand=\"./wsproxy ws[s]://HOST[:PORT]/client/ID\" abc@localhost",
            "It ends when either side ends. HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY are"
                + " honoured."),
        List.of());
    url =
        flags.parameter(
            "URL",
            new TextConverter(),
            "Where the session is: ws[s]://HOST[:PORT]/client/ID; http[s] means the same. Behind"
                + " it, #SHA256:... pins the agent's host key: SSH with any other server is"
                + " refused.");
    client = new ClientFlags(flags);
  }

  public static void main(String[] args) {
    warmUp(args);
    Map<String, String> environment = System.getenv();
    InputStream in = new FileInputStream(FileDescriptor.in);
    OutputStream out = new FileOutputStream(FileDescriptor.out);
    WsproxyMain command = new WsproxyMain(environment, in, out);
    System.exit(new Program(command, environment).run(args));
  }

  private static final class Stop extends Thread {
    private final StreamBridge bridge;

    Stop(StreamBridge bridge) {
      super("stop");
      this.bridge = bridge;
    }

    @Override
    public void run() {
      bridge.stop(SIGNAL);
    }
  }

  /** Guesses from the first URL; the command line is read properly beside that. */
  private static void warmUp(String[] args) {
    for (String arg : args) {
      if (arg.contains("://")) {
        WebSocketClient.warmUp(arg.startsWith("wss:") || arg.startsWith("https:"));
        return;
      }
    }
  }

  @Override
  public Flags flags() {
    return flags;
  }

  @Override
  public int run() {
    Endpoint endpoint = client.endpoint(url.value());
    WebSocketClient relay = new WebSocketClient(client.options(endpoint, environment));
    try {
      StreamBridge bridge = new StreamBridge(relay.open(endpoint), in, out, endpoint.pin());
      Runtime.getRuntime().addShutdownHook(new Stop(bridge));
      bridge.run();
      return ExitCode.OK;
    } catch (IOException e) {
      throw new Failure(String.valueOf(e.getMessage()), e);
    }
  }
}
