package dev.converge.agent;

import java.nio.file.Path;
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

  Launch with(String variable, String value) {
    var changed = new TreeMap<>(environment);
    changed.put(variable, value);
    return new Launch(program, arguments, changed, directory, terminal);
  }
}
