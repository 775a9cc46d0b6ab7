/**
 * Shared files as ranges of bytes, however they are reached: {@link
 * io.github.deltasharing.storage.FileAccess} and {@link io.github.deltasharing.storage.RangeReader}
 * are where another way to them plugs in, {@code storage.url} has the one over signed URLs. Over
 * them a cache, deletion vectors, and a Hadoop file system. Runs on executors.
 *
 * <p>May import the floors below, Hadoop and the JDK.
 */
package io.github.deltasharing.storage;
