package dev.converge.cli;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.DefaultParser;
import org.apache.commons.cli.MissingArgumentException;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.ParseException;
import org.apache.commons.cli.UnrecognizedOptionException;
import org.jspecify.annotations.Nullable;

/** Tells flags, their values and parameters apart, by commons-cli. */
final class Tokenizer {
  private final Map<String, Argument> flags = new HashMap<>();
  private final Options options = new ExactOptions();

  void add(Argument flag) {
    for (String name : flag.names()) {
      Option option = new Option(null, name.substring(2), true, null);
      option.setOptionalArg(flag.implied() != null);
      options.addOption(option);
      flags.put(name, flag);
    }
  }

  /** Adds a flag that also has a letter, and never a value. */
  void add(String letter, Argument flag) {
    String name = flag.names().get(0);
    options.addOption(new Option(letter, name.substring(2), false, null));
    flags.put(name, flag);
  }

  /**
   * Gives each flag what was typed for it, and returns the other arguments.
   *
   * @throws IllegalArgumentException if they are not understood; the message is for the user
   */
  List<String> read(String... arguments) {
    try {
      CommandLine line =
          DefaultParser.builder()
              .setAllowPartialMatching(false)
              .setStripLeadingAndTrailingQuotes(false)
              .get()
              .parse(options, withImpliedValues(arguments));
      for (Option option : line.getOptions()) {
        take(flag(option), option.getValue());
      }
      return line.getArgList();
    } catch (UnrecognizedOptionException e) {
      throw new IllegalArgumentException("Unknown option: '" + nameIn(e.getOption()) + "'", e);
    } catch (MissingArgumentException e) {
      Argument flag = flag(e.getOption());
      throw new IllegalArgumentException(
          "Missing required parameter for " + flag.title() + " (" + flag.label() + ")", e);
    } catch (ParseException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  private Argument flag(Option option) {
    return Objects.requireNonNull(flags.get("--" + option.getLongOpt()));
  }

  private static void take(Argument flag, @Nullable String text) {
    if (flag.isTyped() && !flag.isRepeatable()) {
      throw new IllegalArgumentException(flag.title() + " should be specified only once");
    }
    flag.type(text == null ? Objects.requireNonNull(flag.implied()) : text);
  }

  /** Not what stands behind it, which may be a secret. */
  private static String nameIn(String token) {
    int equals = token.indexOf('=');
    return equals < 0 ? token : token.substring(0, equals);
  }

  /** To commons-cli an optional value is whatever follows that is no flag. */
  private String[] withImpliedValues(String[] arguments) {
    String[] all = arguments.clone();
    for (int i = 0; i < all.length && !all[i].equals("--"); i++) {
      Argument flag = flags.get(all[i]);
      if (flag != null
          && options.getOption(all[i]).hasArg()
          && flag.standsAloneBefore(i + 1 < all.length ? all[i + 1] : "")) {
        all[i] += "=" + flag.implied();
      }
    }
    return all;
  }

  /** Two hyphens for a name, one for a letter; commons-cli would be content with either. */
  private static final class ExactOptions extends Options {
    private static final long serialVersionUID = 1;

    @Override
    public boolean hasLongOption(String token) {
      return token.startsWith("--") && super.hasLongOption(token);
    }

    @Override
    public boolean hasShortOption(String token) {
      return super.hasShortOption(token) && !super.hasLongOption(token);
    }
  }
}
