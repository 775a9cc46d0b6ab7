/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.storage;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;

/**
 * Writes the policy that restricts a session of a role to reading one directory: objects may be got
 * that are in it, and names listed that start with it. Stateless.
 */
final class SessionPolicy {
  /** Characters that AWS takes. */
  static final int LONGEST = 2048;

  private SessionPolicy() {}

  /**
   * The policy, as short as it can be.
   *
   * @param partition of AWS, such as {@code aws-cn}
   * @param location of the table
   */
  static String of(String partition, URI location) {
    String bucket = "arn:" + partition + ":s3:::" + location.getAuthority();
    String path = location.getPath() == null ? "" : location.getPath();
    String prefix = path.isEmpty() ? "" : literal(path.substring(1)) + "/";
    ObjectNode policy = JsonNodeFactory.instance.objectNode();
    policy.put("Version", "2012-10-17");
    ArrayNode statements = policy.putArray("Statement");
    statement(statements, "s3:GetObject", bucket + "/" + prefix + "*");
    ObjectNode list = statement(statements, "s3:ListBucket", bucket);
    if (!prefix.isEmpty()) {
      list.putObject("Condition").putObject("StringLike").put("s3:prefix", prefix + "*");
    }
    return ascii(policy.toString());
  }

  /** JSON with escapes: STS takes no text with characters beyond Latin 1. */
  private static String ascii(String json) {
    StringBuilder text = new StringBuilder(json.length());
    for (char c : json.toCharArray()) {
      text.append(c < 0x7f ? String.valueOf(c) : "\\u%04x".formatted((int) c));
    }
    return text.toString();
  }

  private static ObjectNode statement(ArrayNode statements, String action, String resource) {
    return statements
        .addObject()
        .put("Effect", "Allow")
        .put("Action", action)
        .put("Resource", resource);
  }

  /**
   * What AWS would take for a wildcard or a variable is written as the variable that stands for it.
   */
  private static String literal(String key) {
    StringBuilder text = new StringBuilder();
    for (char c : key.toCharArray()) {
      text.append(c == '*' || c == '?' || c == '$' ? "${" + c + "}" : String.valueOf(c));
    }
    return text.toString();
  }
}
