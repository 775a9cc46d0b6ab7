package io.github.deltasharing.benchmarks;

import io.github.deltasharing.testing.TestShare;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** One server behind several delays. */
final class LatencyRelays implements AutoCloseable {
  private final Map<Integer, LatencyRelay> relays = new LinkedHashMap<>();

  LatencyRelays(URI server, int... delaysMillis) throws IOException {
    for (int millis : delaysMillis) {
      relays.put(millis, new LatencyRelay(server, millis));
    }
  }

  /** A recipient's profile for each delay, in a directory; by the milliseconds. */
  Map<Integer, Path> writeProfiles(Path directory, String token) {
    Map<Integer, Path> profiles = new LinkedHashMap<>();
    relays.forEach(
        (millis, relay) -> {
          Path profile = directory.resolve("slow-" + millis + ".share");
          TestShare.writeProfile(profile, relay.uri().toString(), token);
          profiles.put(millis, profile);
        });
    return profiles;
  }

  @Override
  public void close() throws IOException {
    for (LatencyRelay relay : relays.values()) {
      relay.close();
    }
  }
}
