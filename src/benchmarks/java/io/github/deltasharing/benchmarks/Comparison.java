/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.benchmarks;

import java.util.concurrent.Callable;

/**
 * Something measured and its yardstick.
 *
 * @param key short name, for the command line
 * @param title what is measured / against what
 * @param target the most that the ratio of their times should be, or NaN for none
 * @param measured one shot; returns what it did, in words
 * @param yardstick one shot of the other
 */
record Comparison(
    String key,
    String title,
    double target,
    Callable<String> measured,
    Callable<String> yardstick) {}
