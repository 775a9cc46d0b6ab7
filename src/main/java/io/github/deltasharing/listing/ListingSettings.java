/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.listing;

import io.github.deltasharing.client.TableMetadata;
import io.github.deltasharing.options.SharingOptions;
import io.github.deltasharing.options.SharingReadConf;
import io.github.deltasharing.protocol.ResponseFormat;
import java.time.Duration;
import java.util.List;

/**
 * How files are listed, by a read's options. Immutable.
 *
 * @param formats those offered to the server
 * @param pageSize files a page, or null for no paging
 * @param assumedLife of URLs whose expiry the server does not send
 * @param fileIds the format in whose scheme file ids are requested, or null for the server's own
 * @param sqlHints whether hints may be given in SQL
 */
public record ListingSettings(
    List<ResponseFormat> formats,
    Integer pageSize,
    Duration assumedLife,
    ResponseFormat fileIds,
    boolean sqlHints) {
  public ListingSettings {
    formats = List.copyOf(formats);
  }

  /** By the options alone. */
  public static ListingSettings of(SharingReadConf conf) {
    return new ListingSettings(
        formats(conf),
        conf.get(SharingOptions.PAGINATION)
            ? conf.get(SharingOptions.MAX_FILES_PER_QUERY_REQUEST)
            : null,
        conf.get(SharingOptions.PRE_SIGNED_URL_EXPIRATION),
        null,
        true);
  }

  /** The formats to offer. */
  public static List<ResponseFormat> formats(SharingReadConf conf) {
    return switch (conf.get(SharingOptions.RESPONSE_FORMAT)) {
      case AUTO -> List.of(ResponseFormat.PARQUET, ResponseFormat.DELTA);
      case PARQUET -> List.of(ResponseFormat.PARQUET);
      case DELTA -> List.of(ResponseFormat.DELTA);
    };
  }

  /**
   * The same for a table whose metadata is known. Its format is requested again by the file ids:
   * the same request gets the same format. SQL hints lead the reference server to a reader that
   * knows no table features.
   */
  public ListingSettings of(TableMetadata table) {
    return new ListingSettings(
        formats,
        pageSize,
        assumedLife,
        table.format(),
        sqlHints && table.protocol().minReaderVersion() <= 1);
  }
}
