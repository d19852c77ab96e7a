package dev.converge.agent;

import dev.converge.tunnel.ConnectOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/**
 * The options that say whose keys let in. Each can be repeated; what the environment gives comes
 * with one value in each line.
 */
final class KeyOptions {
  @Option(
      names = "--authorized-keys",
      paramLabel = "FILE",
      split = "\n",
      hideParamSyntax = true,
      description =
          "The public keys that may log in, as in OpenSSH's authorized_keys; read again at each"
              + " login. A line with an option that is not understood is refused. Repeat this and"
              + " the options below for more; in the environment they are lists with commas.")
  private List<Path> files = new ArrayList<>();

  @Option(
      names = "--authorized-keys-url",
      paramLabel = "URL",
      split = "\n",
      hideParamSyntax = true,
      description =
          "Such keys at an https address; fetched at the start, and again when an unknown key wants"
              + " to log in, at most once a minute.")
  private List<String> urls = new ArrayList<>();

  @Option(
      names = "--github-user",
      paramLabel = "NAME",
      split = "\n",
      hideParamSyntax = true,
      description = "Somebody whose public keys at GitHub may log in; fetched likewise.")
  private List<String> githubUsers = new ArrayList<>();

  @Option(
      names = "--gitlab-user",
      paramLabel = "NAME",
      split = "\n",
      hideParamSyntax = true,
      description = "Somebody whose public keys at GitLab may log in; fetched likewise.")
  private List<String> gitlabUsers = new ArrayList<>();

  @Option(
      names = "--github-url",
      paramLabel = "URL",
      defaultValue = "https://github.com",
      description = "Where GitHub is (default: ${DEFAULT-VALUE}).")
  private String githubUrl = "";

  @Option(
      names = "--gitlab-url",
      paramLabel = "URL",
      defaultValue = "https://gitlab.com",
      description = "Where GitLab is (default: ${DEFAULT-VALUE}).")
  private String gitlabUrl = "";

  @Option(
      names = "--trusted-user-ca",
      paramLabel = "FILE",
      split = "\n",
      hideParamSyntax = true,
      description =
          "The public keys of those whose OpenSSH user certificates may log in, as in sshd's"
              + " TrustedUserCAKeys; read again at each login.")
  private List<Path> authorities = new ArrayList<>();

  @Option(
      names = "--authorized-principals",
      paramLabel = "NAME",
      split = "[,\n]",
      hideParamSyntax = true,
      description =
          "The principals, with commas between them, one of which such a certificate must have"
              + " (default: abc, the user's name).")
  private List<String> principals = new ArrayList<>();

  /** Whether anybody could log in with a key. */
  boolean given() {
    return Stream.of(files, urls, githubUsers, gitlabUsers, authorities)
        .anyMatch(option -> !option.isEmpty());
  }

  /**
   * @param connect how keys are fetched
   * @throws IllegalArgumentException if a value is none
   */
  KeyConfig config(ConnectOptions connect) {
    List<KeyUrl> sources = new ArrayList<>();
    urls.forEach(url -> sources.add(KeyUrl.parse(url)));
    githubUsers.forEach(name -> sources.add(KeyUrl.ofUser("GitHub", githubUrl, name)));
    gitlabUsers.forEach(name -> sources.add(KeyUrl.ofUser("GitLab", gitlabUrl, name)));
    if (authorities.isEmpty() && !principals.isEmpty()) {
      throw new IllegalArgumentException(
          "--authorized-principals is about certificates (expected: --trusted-user-ca with it)");
    }
    List<String> names = principals.isEmpty() ? List.of(Login.USER) : principals;
    return new KeyConfig(files, sources, authorities, names, connect);
  }
}
