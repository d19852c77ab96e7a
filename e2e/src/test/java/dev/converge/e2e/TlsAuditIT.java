package dev.converge.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What testssl.sh thinks of the relay's TLS. */
@Order(5)
final class TlsAuditIT {
  private static final Set<String> ACCEPTABLE = Set.of("OK", "INFO", "DEBUG");

  /**
   * The test's own CA revokes nothing; and what testssl misses on the machine is its own affair.
   */
  private static final Set<String> NOT_THE_RELAYS =
      Set.of("cert_revocation", "OCSP_stapling", "engine_problem");

  @TempDir private Path temp;

  @Test
  void testsslFindsNothing() throws Exception {
    Tool.require("testssl");
    Authority authority = new Authority("test");
    String[] files =
        Authority.files(
            temp,
            authority.issue(Authority.local().notAfter(Instant.now().plus(Duration.ofDays(90)))));
    Path json = temp.resolve("testssl.json");
    try (RelayProcess relay = RelayProcess.start("--use-ssl", files[0], files[1]);
        Child testssl =
            Child.start(
                temp,
                Map.of(),
                List.of(
                    "testssl",
                    "--quiet",
                    "--warnings=off",
                    "--color=0",
                    "--nodns=none",
                    "--ip=127.0.0.1",
                    "--add-ca=" + authority.file(temp),
                    "--jsonfile=" + json,
                    "-p",
                    "-s",
                    "-f",
                    "-S",
                    "-U",
                    relay.authority()))) {
      testssl.exit(Duration.ofMinutes(3));
      List<String> ids = new ArrayList<>();
      List<JsonObject> bad = new ArrayList<>();
      for (JsonElement finding : JsonParser.parseString(Files.readString(json)).getAsJsonArray()) {
        JsonObject one = finding.getAsJsonObject();
        String id = one.get("id").getAsString();
        ids.add(id + "=" + one.get("finding").getAsString());
        if (!ACCEPTABLE.contains(one.get("severity").getAsString())
            && !NOT_THE_RELAYS.contains(id)) {
          bad.add(one);
        }
      }
      assertThat(bad).as("%s", testssl).isEmpty();
      assertThat(ids)
          .as("%s", testssl)
          .contains("SSLv3=not offered", "TLS1=not offered", "TLS1_1=not offered")
          .contains("TLS1_2=offered", "heartbleed=not vulnerable, no heartbeat extension");
    }
  }
}
