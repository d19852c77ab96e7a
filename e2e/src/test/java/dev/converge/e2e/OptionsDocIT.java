package dev.converge.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The pages about options are what the parsers print; docs/options/update writes them anew. */
final class OptionsDocIT {
  @ParameterizedTest
  @ValueSource(strings = {"relay", "agent", "wsproxy", "tcptows"})
  void pageIsWhatHelpPrints(String program) throws IOException {
    Path page = Packaged.root().resolve("docs/options").resolve(program + ".txt");
    Child help =
        Child.start(page.getParent(), Map.of(), List.of(Packaged.program(program), "--help"));

    assertThat(help.success()).isEqualTo(Files.readString(page));
  }
}
