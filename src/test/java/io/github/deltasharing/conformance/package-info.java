/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * The conformance suite: what is run on every Spark line, in a JVM of its own, from the built jars.
 * Everything here is compiled once and linked on each line (LinkIT): no signature with a Scala
 * collection, nothing of Delta Lake, nothing of other packages.
 */
package io.github.deltasharing.conformance;
