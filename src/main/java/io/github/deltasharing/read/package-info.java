/**
 * What runs on executors for a scan: input partitions, reader factory, partition readers, task
 * metrics. The way to the bytes plugs in as a {@code storage.FileAccess}.
 */
package io.github.deltasharing.read;
