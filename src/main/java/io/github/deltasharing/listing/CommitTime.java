/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.listing;

import io.github.deltasharing.client.AsOf;
import io.github.deltasharing.client.ChangesRequest;
import io.github.deltasharing.client.QueryRequest;
import io.github.deltasharing.client.ScanHints;
import io.github.deltasharing.client.SharingClient;
import io.github.deltasharing.client.TableName;
import io.github.deltasharing.error.SharingException;
import io.github.deltasharing.error.TransientSharingException;
import io.github.deltasharing.protocol.AddFile;
import io.github.deltasharing.protocol.ResponseFormat;
import io.github.deltasharing.schema.TableFeatures;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out when a version was committed. Only files say so, and the reference server leaves it out
 * of those of a snapshot, unless they are requested in pages or as a range of commits. Immutable.
 */
final class CommitTime {
  private static final Logger LOG = LoggerFactory.getLogger(CommitTime.class);

  /** As large as servers allow: one page is enough for one file. */
  private static final int PAGE = 10_000;

  private final SharingClient client;
  private final TableName table;
  private final List<ResponseFormat> formats;

  CommitTime(SharingClient client, TableName table, List<ResponseFormat> formats) {
    this.client = client;
    this.table = table;
    this.formats = formats;
  }

  /** What the files of a snapshot say, or null: epoch milliseconds. */
  static Long ofFiles(Stream<AddFile> files, long version) {
    return files
        .filter(file -> file.version() == null || file.version() == version)
        .map(AddFile::timestamp)
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  /** Epoch milliseconds, or null where the server does not say: one request, or two. */
  Long of(long version) {
    Long time = find(version, () -> commit(version));
    return time == null ? find(version, () -> snapshot(version)) : time;
  }

  private Long find(long version, Supplier<Stream<AddFile>> files) {
    try {
      return ofFiles(files.get(), version);
    } catch (TransientSharingException e) {
      throw e;
    } catch (SharingException e) {
      LOG.debug("{}: version {} is not told this way: {}", table, version, e.getMessage());
      return null;
    }
  }

  private Stream<AddFile> commit(long version) {
    AsOf only = AsOf.ofVersion(version);
    ChangesRequest request =
        new ChangesRequest(
            ChangesRequest.Feed.FILES, only, only, formats, TableFeatures.SUPPORTED, null);
    return client.changes(table, request).files().stream().map(change -> change.file());
  }

  private Stream<AddFile> snapshot(long version) {
    QueryRequest request =
        QueryRequest.latest(formats, TableFeatures.SUPPORTED)
            .at(AsOf.ofVersion(version))
            .with(new ScanHints(List.of(), null, 1))
            .inPagesOf(PAGE);
    return client.query(table, request).files().stream();
  }
}
