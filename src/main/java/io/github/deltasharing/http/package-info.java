/**
 * The one HTTP stack, for the sharing server's REST and for data files: connections and their pool,
 * proxies, TLS, timeouts, retries, how the client names itself. Driver and executors. Knows neither
 * the protocol nor data files, which {@code client} and {@code storage} do.
 */
package io.github.deltasharing.http;
