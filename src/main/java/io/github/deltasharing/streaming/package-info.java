/**
 * The position of a stream and what it reads next: offsets, commits in windows, the rules for
 * commits, rate limits, polling. Driver only. Knows of Spark only the types of offsets, limits and
 * schemas.
 */
package io.github.deltasharing.streaming;
