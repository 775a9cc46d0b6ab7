/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.conformance;

import java.util.Map;

/**
 * A stream that Delta Lake has run to its end when the build wrote the tables, and that each Spark
 * line runs through the connector.
 *
 * @param name of the check and of the file with the expected rows
 * @param table its name in the share, and that of its directory
 * @param options of the stream: both of Delta Lake's and of the connector's
 */
public record SharedStream(String name, String table, Map<String, String> options) {
  @Override
  public String toString() {
    return name;
  }
}
