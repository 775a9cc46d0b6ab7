/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.client;

import io.github.deltasharing.options.SharingReadConf;
import io.github.deltasharing.testing.StubAnswer;
import io.github.deltasharing.testing.StubRequest;
import io.github.deltasharing.testing.StubServer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Profiles, settings and lines that the client's tests share. */
final class ClientFixture {
  static final String TOKEN = "canary-token-0123456789";
  static final TableName TABLE = new TableName("share", "schema", "table");
  static final String TABLE_PATH = "/api/shares/share/schemas/schema/tables/table";

  static final String PROTOCOL = "{\"protocol\":{\"minReaderVersion\":1}}";
  static final String METADATA =
      "{\"metaData\":{\"id\":\"m\",\"format\":{\"provider\":\"parquet\"},\"schemaString\":\"{}\",\"partitionColumns\":[]}}";
  static final String DELTA_PROTOCOL =
      "{\"protocol\":{\"deltaProtocol\":{\"minReaderVersion\":3,\"minWriterVersion\":7,\"readerFeatures\":[\"timestampNtz\"]}}}";
  static final String DELTA_METADATA =
      "{\"metaData\":{\"version\":4,\"deltaMetadata\":{\"id\":\"m\",\"format\":{\"provider\":\"parquet\"},\"schemaString\":\"{}\",\"partitionColumns\":[]}}}";
  static final String END = "{\"endStreamAction\":{}}";

  private ClientFixture() {}

  static String profileJson(StubServer server, String token) {
    return "{\"shareCredentialsVersion\":1,\"endpoint\":\""
        + server.url("/api/")
        + "\",\"bearerToken\":\""
        + token
        + "\"}";
  }

  static ProfileSource profile(StubServer server) {
    return () -> Profile.fromJson("p.share", profileJson(server, TOKEN));
  }

  /** Options, with pauses that a test can wait for. */
  static SharingReadConf conf(String... namesAndValues) {
    Map<String, String> options = new HashMap<>(Map.of("retrySleepInterval", "1ms"));
    for (int i = 0; i < namesAndValues.length; i += 2) {
      options.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return new SharingReadConf(options, name -> null);
  }

  static SharingClient client(StubServer server, String... options) {
    return SharingClient.open(profile(server), conf(options));
  }

  static String file(int id) {
    return "{\"file\":{\"url\":\"https://store/"
        + id
        + "?sig=canary\",\"id\":\""
        + id
        + "\",\"size\":1,\"partitionValues\":{}}}";
  }

  static String deltaFile(int id) {
    return "{\"file\":{\"id\":\""
        + id
        + "\",\"deltaSingleAction\":{\"add\":{\"path\":\"https://store/"
        + id
        + "?sig=canary\",\"size\":1,\"partitionValues\":{}}}}}";
  }

  /** An answer at a version, with the capabilities that it was given in. */
  static StubAnswer table(long version, String capabilities, String... lines) {
    return StubAnswer.ndjson(lines)
        .withHeader("Delta-Table-Version", "" + version)
        .withHeader("Delta-Sharing-Capabilities", capabilities);
  }

  static List<String> targets(StubServer server) {
    return server.requests().stream().map(StubRequest::toString).toList();
  }
}
