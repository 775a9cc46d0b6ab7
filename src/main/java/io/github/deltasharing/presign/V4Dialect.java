/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.presign;

/** What Amazon's and Google's fourth versions of signatures call the same things. */
enum V4Dialect {
  AWS("X-Amz-", "AWS4-HMAC-SHA256", "aws4_request"),
  GOOGLE("X-Goog-", "GOOG4-RSA-SHA256", "goog4_request");

  private final String prefix;
  private final String algorithm;
  private final String terminator;

  V4Dialect(String prefix, String algorithm, String terminator) {
    this.prefix = prefix;
    this.algorithm = algorithm;
    this.terminator = terminator;
  }

  /** What names of its parameters start with. */
  String prefix() {
    return prefix;
  }

  String algorithm() {
    return algorithm;
  }

  /** What a request to the host is signed for: Google's published signatures leave the port out. */
  String signedHost(StoreEndpoint endpoint) {
    return this == GOOGLE ? endpoint.host() : endpoint.authority();
  }

  /** The last part of a credential's scope. */
  String terminator() {
    return terminator;
  }
}
