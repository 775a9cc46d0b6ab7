/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.testing;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** A share behind a proxy that remembers each request with its parameters. Close it after use. */
public final class WatchedShare implements Recipient, AutoCloseable {
  private final TestShare share;
  private final StubServer proxy = new StubServer();
  private final Path profile;

  /** Watches a share, which is closed with this. */
  public WatchedShare(TestShare share, Path directory) {
    this.share = share;
    URI behind = share.server().uri();
    proxy.onAnything(request -> PassOn.to(behind, request, request.body()));
    profile = directory.resolve("watched-" + proxy.port() + ".share");
    TestShare.writeProfile(profile, proxy.url(behind.getPath()), TestShare.CANARY);
  }

  public Path profile() {
    return profile;
  }

  @Override
  public String path(String table) {
    return profile + "#share.schema." + table;
  }

  /** The requests since the last call, each from the table's name on, its parameters decoded. */
  public List<String> takeRequests() {
    List<String> requests =
        proxy.requests().stream()
            .map(request -> request.target().replaceFirst("^.*/shares", ""))
            .map(target -> target.replaceFirst("^/.*/tables/", ""))
            .map(target -> URLDecoder.decode(target, StandardCharsets.UTF_8))
            .toList();
    proxy.forget();
    return requests;
  }

  @Override
  public void close() {
    proxy.close();
    share.close();
  }
}
