package io.github.deltasharing.server.config;

/**
 * The settings of a server that have a default in {@code share.yaml}. Immutable; made by {@link
 * ShareConfig.Builder}.
 *
 * @param preSignedUrlTimeoutSeconds how long the URL of a file is valid
 * @param temporaryCredentialValiditySeconds read for compatibility; this server issues none
 * @param deltaTableCacheSize how many tables' latest snapshots are kept
 * @param stalenessAcceptable whether a kept snapshot may be used for some seconds unchecked
 * @param evaluatePredicateHints whether {@code predicateHints} (SQL) skip files
 * @param evaluateJsonPredicateHints whether {@code jsonPredicateHints} skip files by partition
 * @param evaluateJsonPredicateHintsV2 whether they skip files by statistics too
 * @param requestTimeoutSeconds how long a connection may be idle
 * @param queryTablePageSizeLimit the most files on a page when the client asks for pages
 * @param queryTablePageTokenTtlMs how long a page token is valid
 * @param refreshTokenTtlMs how long a refresh token is valid
 * @param asyncQueryAfterMs after what time a client that can poll is told to; below 0: never
 * @param asyncQueryTtlMs how long a query is kept that nobody polls for
 * @param maxAsyncQueries how many are kept; more are answered at once
 */
public record ServerSettings(
    long preSignedUrlTimeoutSeconds,
    long temporaryCredentialValiditySeconds,
    int deltaTableCacheSize,
    boolean stalenessAcceptable,
    boolean evaluatePredicateHints,
    boolean evaluateJsonPredicateHints,
    boolean evaluateJsonPredicateHintsV2,
    long requestTimeoutSeconds,
    int queryTablePageSizeLimit,
    long queryTablePageTokenTtlMs,
    long refreshTokenTtlMs,
    long asyncQueryAfterMs,
    long asyncQueryTtlMs,
    int maxAsyncQueries) {}
