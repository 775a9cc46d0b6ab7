/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.objectstore;

import io.github.deltasharing.testing.PassOn;
import io.github.deltasharing.testing.Recipient;
import io.github.deltasharing.testing.StubAnswer;
import io.github.deltasharing.testing.StubRequest;
import io.github.deltasharing.testing.StubServer;
import io.github.deltasharing.testing.TestShare;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Stands before a sharing server and offers its tables' directories, with credentials of a test's
 * making: ones that live for seconds, ones for another store. Close it after use.
 */
final class VendingServer implements Recipient, AutoCloseable {
  private static final Pattern TABLE = Pattern.compile("/tables/([^/?]+)");
  private static final String URLS = "\"accessModes\":[\"url\"]";

  private final StubServer http = new StubServer();
  private final URI behind;
  private final Path profile;
  private final Map<String, String> locations;
  private final Function<String, String> credentials;
  private final AtomicInteger given = new AtomicInteger();

  /**
   * @param locations of the tables, by their names
   * @param credentials makes the credential of the table at a location: the field of its kind, and
   *     {@code expirationTime}, as JSON
   */
  VendingServer(
      StoredShare share,
      Path directory,
      Map<String, String> locations,
      Function<String, String> credentials)
      throws IOException {
    this.behind = share.server().uri();
    this.locations = locations;
    this.credentials = credentials;
    http.onAnything(this::answer);
    profile = Files.createTempFile(directory, "vending", ".share");
    TestShare.writeProfile(profile, http.url(behind.getPath()), TestShare.CANARY);
  }

  private StubAnswer answer(StubRequest request) {
    Matcher table = TABLE.matcher(request.target());
    String location = table.find() ? locations.get(table.group(1)) : null;
    if (request.target().endsWith("/temporary-table-credentials")) {
      given.incrementAndGet();
      return StubAnswer.json(
          "{\"credentials\":{\"location\":\"%s\",%s}}"
              .formatted(location, credentials.apply(location)));
    }
    StubAnswer answer = PassOn.to(behind, request, request.body());
    String both = "\"accessModes\":[\"url\",\"dir\"]";
    return answer.withBody(
        new String(answer.body(), StandardCharsets.UTF_8)
            .replace(URLS, location == null ? both : both + ",\"location\":\"" + location + "\""));
  }

  /** How many credentials were given. */
  int given() {
    return given.get();
  }

  /** The requests for files of tables since the last call. */
  long takeQueries() {
    long queries =
        http.requests().stream()
            .filter(request -> request.target().matches(".*/(query|changes)(\\?.*)?"))
            .count();
    http.forget();
    return queries;
  }

  @Override
  public String path(String table) {
    return profile + "#share.schema." + table;
  }

  @Override
  public void close() {
    http.close();
  }
}
