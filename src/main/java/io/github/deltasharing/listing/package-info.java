/**
 * Where the files of a read come from: {@code FileLister} lists them, with URLs, and those that
 * grow old are refreshed; the driver asks the sharing server, executors ask the driver over Spark's
 * RPC. Driver only; may import {@code client}, {@code storage} and the messages of {@code read}.
 */
package io.github.deltasharing.listing;
