/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.benchmarks;

import io.github.deltasharing.client.QueryRequest;
import io.github.deltasharing.client.SharingClient;
import io.github.deltasharing.client.TableName;
import io.github.deltasharing.protocol.ResponseFormat;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** Listing a table of very many files, against draining the same answer unread. */
final class Planning implements AutoCloseable {
  private static final int FILES = 100_000;

  private final FileListServer server = new FileListServer(FILES, "s3");
  private final SharingClient client;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  Planning(Path directory) throws IOException {
    this.client = SharingClient.open(server.profile(directory));
  }

  Comparison comparison() {
    return new Comparison(
        "planning",
        "listing 100,000 files / draining the same answer",
        Double.NaN,
        this::list,
        this::drain);
  }

  private String list() {
    long start = System.nanoTime();
    int files =
        client
            .query(
                TableName.parse("share.schema.table"),
                QueryRequest.latest(List.of(ResponseFormat.DELTA), Set.of()))
            .files()
            .size();
    double seconds = (System.nanoTime() - start) / 1e9;
    return "%,d files, %,d bytes, %,.0f files/s"
        .formatted(files, server.answerBytes(), files / seconds);
  }

  private String drain() throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(server.endpoint() + "/drain"))
            .POST(HttpRequest.BodyPublishers.ofString("{}"))
            .build();
    long bytes = 0;
    try (InputStream body = http.send(request, HttpResponse.BodyHandlers.ofInputStream()).body()) {
      byte[] buffer = new byte[1 << 16];
      for (int n = body.read(buffer); n >= 0; n = body.read(buffer)) {
        bytes += n;
      }
    }
    if (bytes != server.answerBytes()) {
      throw new IOException(bytes + " bytes came instead of " + server.answerBytes());
    }
    return "%,d bytes".formatted(bytes);
  }

  @Override
  public void close() {
    server.close();
  }
}
