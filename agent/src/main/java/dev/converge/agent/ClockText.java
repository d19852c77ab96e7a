package dev.converge.agent;

import java.time.Duration;
import java.util.Locale;

/** What people are told about the session's time. */
final class ClockText {
  static final String LEFT = "The session is over: its last client has left.";

  private static final String POSIX =
      """
        touch "$agentdir/.hold"                  keeps it when you leave
        %s    keeps it 2 hours longer
        rm "$agentdir/.hold"                     lets it end again
      """;
  private static final String GNU_LATER = "touch -d '+2 hours' \"$agentdir/.hold\"";
  private static final String BSD_LATER =
      "touch -t \"$(date -v+2H +%Y%m%d%H%M.%S)\" \"$agentdir/.hold\"";

  private static final String WINDOWS =
      """
        PowerShell:
        New-Item -Force "$env:agentdir\\.hold"                                      keeps it when you leave
        (Get-Item "$env:agentdir\\.hold").LastWriteTime = (Get-Date).AddHours(2)    keeps it 2 hours longer
        Remove-Item "$env:agentdir\\.hold"                                          lets it end again
        cmd:
        type nul > "%agentdir%\\.hold"                                              keeps it when you leave
        del "%agentdir%\\.hold"                                                     lets it end again
      """;

  private ClockText() {}

  static String expired(Duration expiry) {
    return "The session is over: there was no input for " + Spoken.duration(expiry) + ".";
  }

  static String ceiling(Duration maxDuration) {
    return "The session is over: it may last no longer than " + Spoken.duration(maxDuration) + ".";
  }

  static String warning(Duration remaining, boolean ceiling) {
    return "Converge: this session ends in "
        + Spoken.duration(remaining)
        + (ceiling ? ", whatever you do. Save your work." : ". Press any key to keep it.");
  }

  static String greeting(ClockConfig config, Duration remaining, boolean ceiling, boolean held) {
    return greeting(config, remaining, ceiling, held, System.getProperty("os.name", ""));
  }

  static String greeting(
      ClockConfig config, Duration remaining, boolean ceiling, boolean held, String osName) {
    String left = "Converge: this session ends in " + Spoken.duration(remaining);
    String key =
        ceiling
            ? ", whatever you do.\n"
            : "; after each key it has at least " + Spoken.duration(config.expiry()) + ".\n";
    return left + key + leaving(config, held) + commands(osName.toLowerCase(Locale.ROOT));
  }

  private static String leaving(ClockConfig config, boolean held) {
    if (held) {
      return "It stays when you leave, because .hold exists.\n";
    }
    String who =
        config.exitOn() == ExitOn.LAST_EXIT ? "the last client has left" : "a client has left";
    return "It also ends " + Spoken.duration(config.linger()) + " after " + who + ".\n";
  }

  private static String commands(String os) {
    if (os.startsWith("windows")) {
      return WINDOWS;
    }
    return POSIX.formatted(os.startsWith("mac") || os.contains("bsd") ? BSD_LATER : GNU_LATER);
  }
}
