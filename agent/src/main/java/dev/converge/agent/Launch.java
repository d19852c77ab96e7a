package dev.converge.agent;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What to start.
 *
 * @param program the path of the executable
 * @param arguments from its own name on
 * @param terminal none: three pipes
 */
record Launch(
    Path program,
    List<String> arguments,
    Map<String, String> environment,
    Path directory,
    @Nullable Terminal terminal) {

  /** Whether this is a shell that waits for what is typed. */
  boolean interactive() {
    return arguments.size() == 1;
  }

  /** Whether this is a login shell, which its own name says by a dash before it. */
  boolean login() {
    return arguments.get(0).startsWith("-");
  }

  /** For whoever cannot give a program another name than that of its file. */
  List<String> commandLine() {
    List<String> line = new ArrayList<>(arguments);
    line.set(0, program.toString());
    if (login()) {
      line.add(1, "-l");
    }
    return line;
  }

  Launch with(String variable, String value) {
    var changed = new TreeMap<>(environment);
    changed.put(variable, value);
    return new Launch(program, arguments, changed, directory, terminal);
  }
}
