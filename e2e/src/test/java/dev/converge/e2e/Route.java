package dev.converge.e2e;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The two ways from a developer's machine to an agent. */
enum Route {
  WSPROXY {
    @Override
    Way open(String url, String... options) {
      String command = String.join(" ", command("wsproxy", options)) + " " + url;
      return new Way(List.of("-oProxyCommand=" + command), null);
    }
  },
  TCPTOWS {
    @Override
    Way open(String url, String... options) {
      List<String> command = command("tcptows", options);
      command.addAll(List.of("0", url));
      Child tcptows = Child.start(Path.of("/"), Map.of(), command);
      String port = tcptows.awaitOut("^listening on 127\\.0\\.0\\.1:(\\d+)$").group(1);
      return new Way(List.of("-oPort=" + port), tcptows);
    }
  };

  /** Makes the way ready; the options go to its program. */
  abstract Way open(String url, String... options);

  /** Makes the way to an agent of this relay ready; the options go to its program. */
  Way open(RelayProcess relay, String id, String... options) {
    return open(relay.clientUrl(id), options);
  }

  private static List<String> command(String program, String... options) {
    List<String> command = new ArrayList<>(List.of(Packaged.program(program)));
    command.addAll(List.of(options));
    return command;
  }

  /**
   * A way that is ready.
   *
   * @param options what ssh, sftp and scp need to take it
   * @param helper the program that must run meanwhile, if any
   */
  record Way(List<String> options, Child helper) implements AutoCloseable {
    @Override
    public void close() {
      if (helper != null) {
        helper.close();
      }
    }
  }
}
