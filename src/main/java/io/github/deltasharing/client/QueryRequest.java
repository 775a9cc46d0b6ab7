/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.client;

import io.github.deltasharing.protocol.ResponseFormat;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * The parameters of a query for a snapshot's files. Driver only; immutable.
 *
 * @param asOf the version
 * @param formats response formats offered
 * @param readerFeatures table features that the caller honours
 * @param maxFiles files a page, or null for no paging
 * @param hints what files may be left out by
 * @param refreshToken of an earlier response, for the files of its version; or null. Not together
 *     with a version
 * @param urlsOnly whether statistics in the response are dropped
 * @param fileIds the requested scheme of files' ids, or null for the server's own
 * @param parts the optional parts that the server takes, or null to find out
 */
public record QueryRequest(
    AsOf asOf,
    List<ResponseFormat> formats,
    Collection<String> readerFeatures,
    Integer maxFiles,
    ScanHints hints,
    String refreshToken,
    boolean urlsOnly,
    ResponseFormat fileIds,
    Set<OptionalPart> parts) {
  public QueryRequest {
    formats = List.copyOf(formats);
    readerFeatures = Set.copyOf(readerFeatures);
  }

  /** The latest snapshot, in these formats, with these features. */
  public static QueryRequest latest(
      List<ResponseFormat> formats, Collection<String> readerFeatures) {
    return new QueryRequest(
        AsOf.latest(), formats, readerFeatures, null, ScanHints.NONE, null, false, null, null);
  }

  /** The same in pages. */
  public QueryRequest inPagesOf(int files) {
    return new QueryRequest(
        asOf, formats, readerFeatures, files, hints, refreshToken, urlsOnly, fileIds, parts);
  }

  /** The same of another version. */
  public QueryRequest at(AsOf other) {
    return new QueryRequest(
        other, formats, readerFeatures, maxFiles, hints, refreshToken, urlsOnly, fileIds, parts);
  }

  /** The same with hints. */
  public QueryRequest with(ScanHints other) {
    return new QueryRequest(
        asOf, formats, readerFeatures, maxFiles, other, refreshToken, urlsOnly, fileIds, parts);
  }

  /** The same for the version that an earlier response to a query for the latest version had. */
  public QueryRequest refreshing(String token) {
    return new QueryRequest(
        asOf, formats, readerFeatures, maxFiles, hints, token, urlsOnly, fileIds, parts);
  }

  /** The same by somebody who needs no statistics: they are not kept. */
  public QueryRequest forUrls() {
    return new QueryRequest(
        asOf, formats, readerFeatures, maxFiles, hints, refreshToken, true, fileIds, parts);
  }

  /** The same with files' ids in the scheme of a response format, whichever the response is in. */
  public QueryRequest withFileIds(ResponseFormat scheme) {
    return new QueryRequest(
        asOf, formats, readerFeatures, maxFiles, hints, refreshToken, urlsOnly, scheme, parts);
  }

  /**
   * The same with the optional parts that the server accepted for an earlier response, and no
   * others.
   */
  public QueryRequest withPartsOf(QueryResult result) {
    return new QueryRequest(
        asOf,
        formats,
        readerFeatures,
        maxFiles,
        hints,
        refreshToken,
        urlsOnly,
        fileIds,
        result.parts());
  }

  /** Without the token. */
  @Override
  public String toString() {
    return "QueryRequest[asOf=" + asOf + ", formats=" + formats + ", hints=" + hints + "]";
  }
}
