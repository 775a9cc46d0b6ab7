/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.client.auth;

import java.util.List;
import java.util.Map;

/**
 * A request for a token. Secrets; driver only; immutable.
 *
 * @param origin the profile that it is for, for messages
 * @param url of the identity provider, or of a machine's metadata service
 * @param headers besides those of any request
 * @param form to POST; null for GET
 * @param secrets what must not show in any text about it
 * @param fields of the profile that decide whether it succeeds, as messages name them
 */
record TokenRequest(
    String origin,
    String url,
    Map<String, String> headers,
    Map<String, String> form,
    List<String> secrets,
    String fields) {
  /** Without the secrets. */
  @Override
  public String toString() {
    return "TokenRequest[" + origin + "]";
  }
}
