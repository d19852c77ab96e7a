package dev.converge.tcptows;

import dev.converge.cli.ClientFlags;
import dev.converge.cli.ExitCode;
import dev.converge.cli.Failure;
import dev.converge.cli.Program;
import dev.converge.cli.ProgramVersion;
import dev.converge.tunnel.Endpoint;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The program {@code tcptows}. */
@Command(
    name = "tcptows",
    mixinStandardHelpOptions = true,
    versionProvider = ProgramVersion.class,
    description = {
      "Listens on a local port and connects each connection to a session:",
      "  ./tcptows 10000 ws[s]://HOST[:PORT]/client/ID",
      "  ssh -p 10000 abc@localhost",
      "Ctrl-C ends it. HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY are honoured.",
    })
public final class TcptowsMain implements Callable<Integer> {
  private final Map<String, String> environment;

  @Mixin private ClientFlags flags = new ClientFlags();

  @Option(
      names = "--bind",
      paramLabel = "ADDRESS",
      description =
          "The address to listen on. Default: loopback only. Whoever reaches the address reaches"
              + " the session's login.")
  private @Nullable String bind;

  @Parameters(
      index = "0",
      paramLabel = "PORT",
      description = "The port to listen on, 0 to 65535; 0 takes any free one and prints it.")
  private int port;

  @Parameters(
      index = "1",
      paramLabel = "URL",
      description =
          "Where the session is: ws[s]://HOST[:PORT]/client/ID; http[s] means the same. Behind it,"
              + " #SHA256:... pins the agent's host key: SSH with any other server is refused.")
  private String url = "";

  TcptowsMain(Map<String, String> environment) {
    this.environment = environment;
  }

  public static void main(String[] args) {
    Map<String, String> environment = System.getenv();
    System.exit(new Program(new TcptowsMain(environment), environment).run(args));
  }

  TcptowsConfig config() {
    Endpoint endpoint = flags.endpoint(url);
    return new TcptowsConfig(bind, port, endpoint, flags.options(endpoint, environment));
  }

  @Override
  public Integer call() throws InterruptedException {
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
