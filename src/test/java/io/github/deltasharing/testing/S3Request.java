/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.testing;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A request to an S3 store as {@link S3Relay} saw it, path style.
 *
 * @param connection which of the relay's connections it came on
 * @param bucket its name; empty if the store as a whole is asked
 * @param key of the object, decoded; empty if a bucket is asked
 * @param query decoded; a name without a value has an empty one
 * @param headers their names in any case
 */
public record S3Request(
    int connection,
    String method,
    String bucket,
    String key,
    Map<String, String> query,
    Map<String, String> headers) {
  private static final Pattern CREDENTIAL = Pattern.compile("Credential=([^/]+)/");

  /** What stores charge for differently. */
  public enum Kind {
    GET,
    HEAD,
    LIST,
    OTHER
  }

  static S3Request of(int connection, List<String> head) {
    String[] line = head.get(0).split(" ");
    String[] target = line[1].split("\\?", 2);
    String[] path = target[0].substring(1).split("/", 2);
    Map<String, String> query = new TreeMap<>();
    if (target.length > 1) {
      Arrays.stream(target[1].split("&"))
          .map(pair -> pair.split("=", 2))
          .forEach(pair -> query.put(decode(pair[0]), pair.length > 1 ? decode(pair[1]) : ""));
    }
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    head.subList(1, head.size())
        .forEach(
            header -> {
              int colon = header.indexOf(':');
              headers.put(header.substring(0, colon), header.substring(colon + 1).strip());
            });
    return new S3Request(
        connection,
        line[0],
        decode(path[0]),
        path.length > 1 ? decode(path[1]) : "",
        query,
        headers);
  }

  private static String decode(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  /** An object read, an object or bucket asked about, objects listed, or anything else. */
  public Kind kind() {
    return switch (method) {
      case "GET" -> key.isEmpty() ? Kind.LIST : Kind.GET;
      case "HEAD" -> Kind.HEAD;
      default -> Kind.OTHER;
    };
  }

  /** The id of the key that it is signed with, in its query or headers; empty if by none. */
  public String keyId() {
    String credential = query.get("X-Amz-Credential");
    if (credential != null) {
      return credential.split("/", 2)[0];
    }
    Matcher header = CREDENTIAL.matcher(headers.getOrDefault("Authorization", ""));
    return header.find() ? header.group(1) : "";
  }

  /** The token of a session, in its query or headers; empty if there is none. */
  public String sessionToken() {
    return query.getOrDefault(
        "X-Amz-Security-Token", headers.getOrDefault("X-Amz-Security-Token", ""));
  }

  /** What is asked for, and nothing that it is signed with. */
  @Override
  public String toString() {
    String what = kind() + " " + bucket + "/" + key;
    return kind() == Kind.LIST ? what + " " + query.getOrDefault("prefix", "") : what;
  }
}
