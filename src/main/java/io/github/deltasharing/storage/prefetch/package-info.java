/**
 * Bytes that are fetched ahead of their reader: one pool of threads for all tasks of an executor's
 * JVM, and a bounded memory for each task. Runs on executors.
 *
 * <p>May import {@code storage} and the floors below, not {@code storage.url}: which way leads to
 * the bytes is the {@link io.github.deltasharing.storage.FileAccess}'s business.
 */
package io.github.deltasharing.storage.prefetch;
