/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.storage;

import io.github.deltasharing.server.config.ServerSettings;
import io.github.deltasharing.server.http.RequestContext;
import io.github.deltasharing.server.http.RequestOrigin;
import io.github.deltasharing.server.share.SharedTable;
import java.time.Clock;
import java.time.Instant;
import org.eclipse.jetty.server.Request;

/**
 * Starts the URLs of a response: where they lead and when they expire. Safe for several threads.
 */
public record UrlIssuer(TableStorages storages, ServerSettings settings, Clock clock) {

  /** The URLs of a response that starts now, on the host that the request named. */
  public FileUrls start(Request request, SharedTable table) {
    Instant expiry = clock.instant().plusSeconds(settings.preSignedUrlTimeoutSeconds());
    return new FileUrls(
        storages.of(table),
        new UrlTerms(RequestOrigin.of(request), RequestContext.of(request).principal(), expiry),
        FileIdHeader.of(request));
  }
}
