package dev.converge.agent;

import dev.converge.cli.Flag;
import dev.converge.cli.Flags;
import dev.converge.cli.ListFlag;
import dev.converge.cli.PathConverter;
import dev.converge.cli.TextConverter;
import dev.converge.tunnel.ConnectOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The options that say whose keys let in. */
final class KeyOptions {
  private final ListFlag<Path> files;
  private final ListFlag<String> urls;
  private final ListFlag<String> githubUsers;
  private final ListFlag<String> gitlabUsers;
  private final Flag<String> githubUrl;
  private final Flag<String> gitlabUrl;
  private final ListFlag<Path> authorities;
  private final ListFlag<String> principals;

  KeyOptions(Flags flags) {
    files =
        flags.list(
            "--authorized-keys",
            "FILE",
            new PathConverter(),
            "The public keys that may log in, as in OpenSSH's authorized_keys; read again at each"
                + " login. A line with an option that is not understood is refused. Repeat this and"
                + " the options below for more; in the environment they are lists with commas.");
    urls =
        flags.list(
            "--authorized-keys-url",
            "URL",
            new TextConverter(),
            "Such keys at an https address; fetched at the start, and again when an unknown key"
                + " wants to log in, at most once a minute.");
    githubUsers =
        flags.list(
            "--github-user",
            "NAME",
            new TextConverter(),
            "Somebody whose public keys at GitHub may log in; fetched likewise.");
    gitlabUsers =
        flags.list(
            "--gitlab-user",
            "NAME",
            new TextConverter(),
            "Somebody whose public keys at GitLab may log in; fetched likewise.");
    githubUrl =
        flags
            .option(
                "--github-url", "URL", new TextConverter(), "Where GitHub is (default: {default}).")
            .orElse("https://github.com");
    gitlabUrl =
        flags
            .option(
                "--gitlab-url", "URL", new TextConverter(), "Where GitLab is (default: {default}).")
            .orElse("https://gitlab.com");
    authorities =
        flags.list(
            "--trusted-user-ca",
            "FILE",
            new PathConverter(),
            "The public keys of those whose OpenSSH user certificates may log in, as in sshd's"
                + " TrustedUserCAKeys; read again at each login.");
    principals =
        flags
            .list(
                "--authorized-principals",
                "NAME",
                new TextConverter(),
                "The principals, with commas between them, one of which such a certificate must"
                    + " have (default: abc, the user's name).")
            .dividedAtCommas();
  }

  /** Whether anybody could log in with a key. */
  boolean given() {
    return files.isSet()
        || urls.isSet()
        || githubUsers.isSet()
        || gitlabUsers.isSet()
        || authorities.isSet();
  }

  /**
   * @param connect how keys are fetched
   * @throws IllegalArgumentException if a value is none
   */
  KeyConfig config(ConnectOptions connect) {
    List<KeyUrl> sources = new ArrayList<>();
    urls.values().forEach(url -> sources.add(KeyUrl.parse(url)));
    githubUsers
        .values()
        .forEach(name -> sources.add(KeyUrl.ofUser("GitHub", githubUrl.value(), name)));
    gitlabUsers
        .values()
        .forEach(name -> sources.add(KeyUrl.ofUser("GitLab", gitlabUrl.value(), name)));
    if (!authorities.isSet() && principals.isSet()) {
      throw new IllegalArgumentException(
          "--authorized-principals is about certificates (expected: --trusted-user-ca with it)");
    }
    List<String> names = principals.isSet() ? principals.values() : List.of(Login.USER);
    return new KeyConfig(files.values(), sources, authorities.values(), names, connect);
  }
}
