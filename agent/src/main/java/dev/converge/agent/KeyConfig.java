package dev.converge.agent;

import dev.converge.tunnel.ConnectOptions;
import java.nio.file.Path;
import java.util.List;

/**
 * Whose keys let in.
 *
 * @param files OpenSSH {@code authorized_keys} files, read again at each login
 * @param urls where more of them are fetched from
 * @param authorities files with the keys of those whose certificates are believed
 * @param principals the names of which a certificate must have one
 * @param connect how keys are fetched: proxies, and whom to trust
 */
record KeyConfig(
    List<Path> files,
    List<KeyUrl> urls,
    List<Path> authorities,
    List<String> principals,
    ConnectOptions connect) {

  KeyConfig {
    files = List.copyOf(files);
    urls = List.copyOf(urls);
    authorities = List.copyOf(authorities);
    principals = List.copyOf(principals);
    if (principals.stream().anyMatch(String::isBlank)) {
      throw new IllegalArgumentException("authorized principals: '' (expected: NAME,NAME...)");
    }
  }

  boolean isEmpty() {
    return files.isEmpty() && urls.isEmpty() && authorities.isEmpty();
  }
}
