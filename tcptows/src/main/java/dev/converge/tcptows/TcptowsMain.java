package dev.converge.tcptows;

import dev.converge.cli.ClientFlags;
import dev.converge.cli.Command;
import dev.converge.cli.ExitCode;
import dev.converge.cli.Failure;
import dev.converge.cli.Flag;
import dev.converge.cli.Flags;
import dev.converge.cli.IntegerConverter;
import dev.converge.cli.Program;
import dev.converge.cli.TextConverter;
import dev.converge.tunnel.Endpoint;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** The program {@code tcptows}. */
public final class TcptowsMain implements Command {
  private final Map<String, String> environment;
  private final Flags flags;
  private final Flag<Integer> port;
  private final Flag<String> url;
  private final Flag<String> bind;
  private final ClientFlags client;

  TcptowsMain(Map<String, String> environment) {
    this.environment = environment;
    flags = new Flags("tcptows", environment);
    flags.describe(
        List.of(
            "Listens on a local port and connects each connection to a session:",
            "  ./tcptows 10000 ws[s]://HOST[:PORT]/client/ID",
            "  ssh -p 10000 abc@localhost",
            "Ctrl-C ends it. HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY are honoured."),
        List.of());
    port =
        flags.parameter(
            "PORT",
            new IntegerConverter(),
            "The port to listen on, 0 to 65535; 0 takes any free one and prints it.");
    url =
        flags.parameter(
            "URL",
            new TextConverter(),
            "Where the session is: ws[s]://HOST[:PORT]/client/ID; http[s] means the same. Behind"
                + " it, #SHA256:... pins the agent's host key: SSH with any other server is"
                + " refused.");
    bind =
        flags.option(
            "--bind",
            "ADDRESS",
            new TextConverter(),
            "The address to listen on. Default: loopback only. Whoever reaches the address reaches"
                + " the session's login.");
    client = new ClientFlags(flags);
  }

  public static void main(String[] args) {
    Map<String, String> environment = System.getenv();
    System.exit(new Program(new TcptowsMain(environment), environment).run(args));
  }

  @Override
  public Flags flags() {
    return flags;
  }

  private TcptowsConfig config() {
    Endpoint endpoint = client.endpoint(url.value());
    return new TcptowsConfig(
        bind.valueOrNull(), port.value(), endpoint, client.options(endpoint, environment));
  }

  @Override
  public int run() throws InterruptedException {
    try (Tcptows tcptows = Tcptows.open(config(), TcptowsMain::complain)) {
      Runtime.getRuntime().addShutdownHook(new Thread(tcptows::close, "stop"));
      announce(tcptows.listeners());
      tcptows.run();
      return ExitCode.OK;
    } catch (IOException e) {
      throw new Failure(String.valueOf(e.getMessage()), e);
    }
  }

  private static void announce(Listeners listeners) {
    listeners.addresses().forEach(address -> System.out.println("listening on " + address));
    String host = listeners.host();
    System.out.println("ssh  -p " + listeners.port() + " abc@" + host);
    String bracketed = host.indexOf(':') < 0 ? host : "[" + host + "]";
    System.out.println("sftp -oPort=" + listeners.port() + " abc@" + bracketed);
  }

  private static void complain(String line) {
    System.err.println("tcptows: " + line);
  }
}
