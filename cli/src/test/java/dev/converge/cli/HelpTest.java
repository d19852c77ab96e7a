package dev.converge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class HelpTest {
  private final Flags flags = new Flags("demo", Map.of());

  @Test
  void hasASynopsisAndATable() {
    flags.describe(List.of("Shows what a help looks like:", "  ./demo URL"), List.of("The end."));
    flags.parameter("URL", new TextConverter(), "Where.");
    flags.parameter("PORT", new IntegerConverter(), "Which (default: {default}).").orElse("80");
    flags.list("--name", "NAME", new TextConverter(), "Who.");
    flags.option("--word", "WORD", new TextConverter(), "Some.").alias("--other");
    flags.option("--ask", "TEXT", new TextConverter(), "Asks.").implying("", String::isEmpty);
    flags.option("--count-of-things", "N", new IntegerConverter(), "How many.");
    flags.toggle("--fast", "Be quick, without any regard to what others may say about it now.");

    assertThat(flags.help(60))
        .isEqualTo(
            """
            Usage: demo [-hV] [--fast] [--ask[=TEXT]]
                        [--count-of-things=N] [--word=WORD]
                        [--name=NAME]... URL [PORT]
            Shows what a help looks like:
              ./demo URL

                  URL                    Where.
                  PORT                   Which (default: 80).
                  --name=NAME            Who.
                  --word, --other=WORD   Some.
                  --ask[=TEXT]           Asks.
                  --count-of-things=N    How many.
                  --fast                 Be quick, without any regard to
                                           what others may say about it
                                           now.
              -h, --help                 Show this help message and
                                           exit.
              -V, --version              Print version information and
                                           exit.

            The end.
            """);
  }

  @Test
  void longNameHasItsSentencesBelow() {
    flags.option("--name-that-is-long", "VALUE", new TextConverter(), "Some.");
    flags.option("--s", "VALUE", new TextConverter(), "Others.");

    assertThat(flags.help(80))
        .contains(
            """
                  --name-that-is-long=VALUE
                                         Some.
                  --s=VALUE              Others.
            """
                .indent(0));
  }

  @Test
  void noLineIsWiderThanTheTerminal() {
    String word = "x".repeat(20);
    flags.option("--a", "VALUE", new TextConverter(), (word + " ").repeat(30) + word);

    for (int width = 55; width < 120; width++) {
      int most = width;
      assertThat(flags.help(width).lines()).allMatch(line -> line.length() <= most);
    }
  }
}
