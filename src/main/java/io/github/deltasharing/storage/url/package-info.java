/**
 * Bytes over signed URLs, the first {@link io.github.deltasharing.storage.FileAccess}: ranged
 * requests that are checked against what was listed, and URLs that are refreshed by the driver
 * before they expire and when a store refuses them. Runs on executors; signed URLs are secrets and
 * are never printed.
 *
 * <p>May import {@code storage} and the floors below.
 */
package io.github.deltasharing.storage.url;
