/**
 * Directory mode: tables whose log the driver reads itself, in the table's own directory on an
 * object store, with a temporary credential of the sharing server. To the floors above it is a
 * {@link io.github.deltasharing.client.SharingClient} as any other: files come with signed URLs,
 * which are signed here. Credentials stay on the driver. Without Spark.
 */
package io.github.deltasharing.directory;
