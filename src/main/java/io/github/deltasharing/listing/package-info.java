/**
 * New URLs for files whose planned ones grow old: the driver asks the sharing server, executors ask
 * the driver over Spark's RPC. Driver only; may import {@code client}, {@code storage} and the
 * messages of {@code read}.
 */
package io.github.deltasharing.listing;
