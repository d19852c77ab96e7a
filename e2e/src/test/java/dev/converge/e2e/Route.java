package dev.converge.e2e;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The two ways from a developer's machine to an agent. */
enum Route {
  WSPROXY {
    @Override
    Way open(RelayProcess relay, String id) {
      String command = Packaged.program("wsproxy") + " " + relay.clientUrl(id);
      return new Way(List.of("-oProxyCommand=" + command), null);
    }
  },
  TCPTOWS {
    @Override
    Way open(RelayProcess relay, String id) {
      Child tcptows =
          Child.start(
              Path.of("/"),
              Map.of(),
              List.of(Packaged.program("tcptows"), "0", relay.clientUrl(id)));
      String port = tcptows.awaitOut("^listening on 127\\.0\\.0\\.1:(\\d+)$").group(1);
      return new Way(List.of("-oPort=" + port), tcptows);
    }
  };

  /** Makes the way ready. */
  abstract Way open(RelayProcess relay, String id);

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
