/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.config;

/**
 * The settings of a server that have a default in {@code share.yaml}: key, type, default, range and
 * meaning of each, declared here alone. Immutable; made by {@link ShareConfigBuilder}.
 */
public record ServerSettings(
    @Setting(defaultValue = "3600", min = 1, doc = "how long the URL of a file is valid")
        long preSignedUrlTimeoutSeconds,
    @Setting(
            defaultValue = "3600",
            min = 1,
            doc =
                "how long a credential to a table's directory is valid, if its store can give one of that life")
        long temporaryCredentialValiditySeconds,
    @Setting(defaultValue = "10", min = 1, doc = "tables whose latest snapshot is kept")
        int deltaTableCacheSize,
    @Setting(
            defaultValue = "false",
            doc = "a kept snapshot may be up to 10 s old without a look for new commits")
        boolean stalenessAcceptable,
    @Setting(
            defaultValue = "false",
            doc = "SQL hints skip files, by partition values and statistics")
        boolean evaluatePredicateHints,
    @Setting(defaultValue = "true", doc = "JSON hints skip files by partition values")
        boolean evaluateJsonPredicateHints,
    @Setting(defaultValue = "true", doc = "JSON hints skip files by statistics too")
        boolean evaluateJsonPredicateHintsV2,
    @Setting(
            defaultValue = "30",
            min = 1,
            doc =
                "how long a connection may be idle, and how long it may be without a "
                    + "whole request although bytes come")
        long requestTimeoutSeconds,
    @Setting(
            defaultValue = "10000",
            min = 1,
            doc = "the most files on a page, for clients that request pages")
        int queryTablePageSizeLimit,
    @Setting(defaultValue = "259200000", min = 1, doc = "how long a page token is valid")
        long queryTablePageTokenTtlMs,
    @Setting(defaultValue = "3600000", min = 1, doc = "how long a refresh token is valid")
        long refreshTokenTtlMs,
    @Setting(
            defaultValue = "1000",
            doc =
                "how long a client that can poll waits for its response before it gets an id to "
                    + "poll with; 0: at once, −1: never")
        long asyncQueryAfterMs,
    @Setting(defaultValue = "600000", min = 1, doc = "how long a query is kept after its last poll")
        long asyncQueryTtlMs,
    @Setting(
            defaultValue = "100",
            min = 1,
            doc = "how many are kept; beyond that responses come without polling")
        int maxAsyncQueries,
    @Setting(
            defaultValue = "-1",
            min = -1,
            doc =
                "bytes of the heap for the file lists of the tables that were queried last, which "
                    + "make queries of them fast; -1: a fourth of the heap, 0: none")
        long fileListCacheBytes,
    @Setting(
            defaultValue = "67108864",
            min = 1,
            doc = "bytes of a file of the audit before another one begins, as with each day (UTC)")
        long auditLogBytes,
    @Setting(defaultValue = "90", min = 0, doc = "how many older files of the audit are kept")
        int auditLogFiles,
    @Setting(
            defaultValue = "false",
            doc =
                "Iceberg clients read the shares too, by the [Iceberg REST catalog](iceberg-rest.md) "
                    + "protocol")
        boolean icebergCatalog) {
  /** The bytes that file lists may take, once the heap is known. */
  public long fileListBytes() {
    return fileListCacheBytes >= 0 ? fileListCacheBytes : Runtime.getRuntime().maxMemory() / 4;
  }
}
