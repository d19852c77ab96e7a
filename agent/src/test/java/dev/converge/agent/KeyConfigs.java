package dev.converge.agent;

import dev.converge.tunnel.ConnectOptions;
import dev.converge.tunnel.ProxySettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Settings about keys that tests need. */
final class KeyConfigs {
  static final ConnectOptions DIRECT = new ConnectOptions(new ProxySettings(Map.of()), null);
  static final KeyConfig NONE = new KeyConfig(List.of(), List.of(), List.of(), List.of(), DIRECT);

  private KeyConfigs() {}

  static KeyConfig of(Path authorizedKeys) {
    return new KeyConfig(List.of(authorizedKeys), List.of(), List.of(), List.of(), DIRECT);
  }

  static KeyConfig fetching(String... urls) {
    return new KeyConfig(
        List.of(),
        List.of(urls).stream().map(KeyUrl::parse).toList(),
        List.of(),
        List.of(),
        DIRECT);
  }

  static KeyConfig signedBy(Path authorities, String... principals) {
    return new KeyConfig(List.of(), List.of(), List.of(authorities), List.of(principals), DIRECT);
  }
}
