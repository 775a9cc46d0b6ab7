/**
 * Listings of a table's files on the driver ({@code FileLister}), and the refresh of their URLs end
 * to end: executors have the driver refresh URLs over Spark's RPC, and the driver lists the files
 * again. May import {@code client}, {@code storage} and {@code read}.
 */
package io.github.deltasharing.listing;
