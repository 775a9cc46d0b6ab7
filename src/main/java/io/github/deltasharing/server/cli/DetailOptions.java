/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/** What can be said of shares and of recipients. Filled by picocli. */
final class DetailOptions {
  @Option(names = "--comment", paramLabel = "TEXT", description = "what it is; '' takes it away")
  private String comment;

  @Option(names = "--owner", paramLabel = "TEXT", description = "who answers for it")
  private String owner;

  @Option(
      names = "--property",
      paramLabel = "KEY=TEXT",
      description = "a property; may be repeated. All of them are replaced")
  private Map<String, String> properties = new LinkedHashMap<>();

  /** Puts what was given into a request. */
  void into(ObjectNode body) {
    put(body, "comment", comment);
    put(body, "owner", owner);
    if (!properties.isEmpty()) {
      ObjectNode all = body.putObject("properties");
      properties.forEach(all::put);
    }
  }

  static void put(ObjectNode body, String field, String value) {
    if (value != null) {
      body.put(field, value);
    }
  }

  /** Refuses a change that changes nothing. */
  static ObjectNode requireChange(ObjectNode body) {
    if (body.isEmpty()) {
      throw CommandException.wrong("Nothing is to be changed. See --help for what can be");
    }
    return body;
  }
}
