package dev.converge.agent;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.LoggerFactory;

/**
 * One way to send signals, whose numbers are those of Linux. Processes that are gone do not count.
 */
interface Kill {
  void send(int signal, List<Integer> pids);

  /** By kill(2). */
  Kill SYSTEM_CALL = (signal, pids) -> pids.forEach(pid -> LibC.INSTANCE.kill(pid, signal));

  /** By the shell, which has a kill of its own on any Unix, and knows signals by their names. */
  Kill SHELL =
      (signal, pids) -> {
        List<String> command =
            new ArrayList<>(List.of("/bin/sh", "-c", "kill -s \"$@\"", "sh", Signals.name(signal)));
        pids.forEach(pid -> command.add(pid.toString()));
        try {
          new ProcessBuilder(command)
              .redirectOutput(Redirect.DISCARD)
              .redirectError(Redirect.DISCARD)
              .start()
              .waitFor();
        } catch (IOException e) {
          LoggerFactory.getLogger(Kill.class).warn("cannot send signals: {}", e.getMessage());
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      };

  /**
   * Where there are no signals: an end for those that would end one. An interrupt spares a process
   * that others work for, as a shell does that waits for its command.
   */
  Kill END =
      (signal, pids) ->
          pids.stream()
              .filter(pid -> signal != Signals.CONT)
              .flatMap(pid -> ProcessHandle.of(pid).stream())
              .filter(process -> signal != Signals.INT || process.children().findAny().isEmpty())
              .forEach(ProcessHandle::destroy);
}
