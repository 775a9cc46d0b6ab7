/**
 * What runs on executors for a scan: input partitions, reader factory, partition readers, task
 * metrics.
 */
package io.github.deltasharing.read;
