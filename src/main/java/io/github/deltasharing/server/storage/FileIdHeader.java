/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.storage;

import io.github.deltasharing.protocol.FileIdScheme;
import io.github.deltasharing.protocol.SharingHeaders;
import io.github.deltasharing.server.error.ServerError;
import java.util.Locale;
import java.util.Optional;
import org.eclipse.jetty.server.Request;

/** The header by which a client chooses how files' ids are made. Stateless. */
public final class FileIdHeader {
  private FileIdHeader() {}

  /** The scheme that a request chooses; a {@link ServerError} 400 when there is none such. */
  public static FileIdScheme of(Request request) {
    String chosen = request.getHeaders().get(SharingHeaders.FILE_IDS);
    return switch (chosen == null ? "" : chosen.trim().toLowerCase(Locale.ROOT)) {
      case "parquet" -> FileIdScheme.PARQUET;
      case "delta" -> FileIdScheme.DELTA;
      default -> {
        if (chosen != null) {
          throw ServerError.invalid(
              "The " + SharingHeaders.FILE_IDS + " header must be parquet or delta");
        }
        yield FileIdScheme.OWN;
      }
    };
  }

  /** What the response's header says; empty unless the client chose. */
  public static Optional<String> ofResponse(Request request) {
    FileIdScheme scheme = of(request);
    return scheme == FileIdScheme.OWN
        ? Optional.empty()
        : Optional.of(scheme.name().toLowerCase(Locale.ROOT));
  }
}
