/**
 * Benchmarks: each a ratio to a yardstick that is measured in the same JVM, shot by shot in turns.
 * A harness of our own instead of JMH's, which runs one benchmark after another: on a machine whose
 * speed drifts, only neighbours in time can be compared. Run by {@code mvn -q -Pbenchmarks test}.
 */
package io.github.deltasharing.benchmarks;
