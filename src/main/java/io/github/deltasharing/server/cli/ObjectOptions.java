/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import picocli.CommandLine.Option;

/** What is to be shared. Filled by picocli. */
final class ObjectOptions {
  @Option(
      names = "--location",
      required = true,
      paramLabel = "LOCATION",
      description = "where it lies: an absolute path of the server's machine, or a URI")
  private String location;

  @Option(
      names = "--as",
      paramLabel = "ALIAS",
      description = "what recipients see: schema.table, or a schema. Default: after NAME")
  private String alias;

  @Option(names = "--comment", paramLabel = "TEXT", description = "what it is")
  private String comment;

  /** The object of a request. */
  ObjectNode json(String name, String type) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("name", name).put("type", type).put("storage_location", location);
    DetailOptions.put(json, "shared_as", alias);
    DetailOptions.put(json, "comment", comment);
    return json;
  }
}
