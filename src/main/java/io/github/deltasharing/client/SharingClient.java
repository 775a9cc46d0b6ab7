/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.client;

import io.github.deltasharing.annotation.Internal;
import io.github.deltasharing.annotation.PublicApi;
import io.github.deltasharing.options.SharingReadConf;
import io.github.deltasharing.protocol.ResponseFormat;
import io.github.deltasharing.protocol.TableAccess;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;

/**
 * A recipient's view of a sharing server, without Spark: list what is shared and look at it.
 * Thread-safe; keeps the credential, so it stays on the driver. All calls throw {@link
 * io.github.deltasharing.error.SharingException} with what failed, why, and what to do.
 */
@PublicApi
public interface SharingClient {
  /** A client with default settings for the profile in a local file. */
  static SharingClient open(Path profileFile) {
    return open(ProfileSource.file(profileFile), SharingReadConf.defaults());
  }

  /** A client for any profile and settings. */
  static SharingClient open(ProfileSource profile, SharingReadConf conf) {
    return new HttpSharingClient(profile, conf);
  }

  /** The server and the recipient at it, by the credential that was last read. */
  @Internal
  Recipient recipient();

  /** All shares that the recipient may see. */
  List<Share> listShares();

  /** One share. */
  Share share(String name);

  /** All schemas of a share. */
  List<Schema> listSchemas(String share);

  /** All tables of a schema. */
  List<Table> listTables(String share, String schema);

  /** All tables of all schemas of a share. */
  List<Table> listAllTables(String share);

  /** The table's latest version. */
  long version(TableName table);

  /**
   * The first version committed at or after a time.
   *
   * @param startingTimestamp ISO-8601, for example {@code 2026-01-31T00:00:00Z}
   */
  long version(TableName table, String startingTimestamp);

  /** The schema and properties of the table's latest version. */
  default TableMetadata metadata(
      TableName table, List<ResponseFormat> formats, Collection<String> readerFeatures) {
    return metadata(table, AsOf.latest(), formats, readerFeatures);
  }

  /**
   * The table's schema and properties.
   *
   * @param asOf of which version; others than the latest only where the provider shares history
   * @param formats response formats to offer
   * @param readerFeatures table features that the caller honours
   */
  TableMetadata metadata(
      TableName table, AsOf asOf, List<ResponseFormat> formats, Collection<String> readerFeatures);

  /** The files of a snapshot, with signed URLs. */
  @Internal
  QueryResult query(TableName table, QueryRequest request);

  /** The same on behalf of a stream, which providers count and limit apart. */
  @Internal
  default SharingClient forStreaming() {
    return this;
  }

  /**
   * How the server offers the table's files, by its listings; {@link TableAccess#UNSAID} where they
   * do not say, or do not have the table. {@link TableMetadata} says it without a request.
   */
  @Internal
  default TableAccess access(TableName table) {
    return TableAccess.UNSAID;
  }

  /**
   * A temporary credential to a directory of the table, valid now: kept until shortly before it
   * expires, so that whoever needs one asks here each time.
   *
   * @param location one of the table's directories; null for its root
   */
  @Internal
  default TableCredential temporaryCredential(TableName table, String location) {
    throw new UnsupportedOperationException("temporary credentials");
  }

  /** Another one than one that the store refused. */
  @Internal
  default TableCredential temporaryCredential(
      TableName table, String location, TableCredential refused) {
    return temporaryCredential(table, location);
  }

  /** What a range of commits did, with signed URLs; only where the provider shares history. */
  @Internal
  ChangesResult changes(TableName table, ChangesRequest request);
}
