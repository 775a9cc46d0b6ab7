/**
 * Bytes behind signed URLs: ranged HTTP reads that are checked against what was asked for, and a
 * Hadoop file system over them. Runs on executors; signed URLs are secrets and are never printed.
 *
 * <p>May import the floors below, Hadoop and the JDK.
 */
package io.github.deltasharing.storage;
