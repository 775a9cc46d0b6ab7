/**
 * What Spark's optimiser pushes down, sorted by who can decide it: the sharing server, partition
 * values, file statistics, Parquet. Driver only, without requests; may import Spark's connector
 * API, {@code table} and {@code read}.
 */
package io.github.deltasharing.pushdown;
