/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.client;

import io.github.deltasharing.error.SharingErrors;
import io.github.deltasharing.protocol.Capabilities;
import io.github.deltasharing.protocol.ResponseFormat;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/**
 * One request to the sharing server, without its credential. Driver only; immutable.
 *
 * @param what what it is for, as messages say it: {@code query for share.schema.table}
 * @param path path and query below the endpoint, encoded, with a leading slash
 * @param body JSON to POST, or null for GET
 * @param capabilities offered, or null
 * @param fileIds the requested scheme of file ids, or null for the server's own
 * @param asOf the requested version, or the first one of a range
 * @param ifRefused what to do if the server does not give that
 * @param failureFinal whether HTTP 500 is not tried again, because the caller has another request
 *     to try
 */
record RestRequest(
    String what,
    String path,
    String body,
    Capabilities capabilities,
    ResponseFormat fileIds,
    AsOf asOf,
    String ifRefused,
    boolean failureFinal) {
  RestRequest(String what, String path, String body, Capabilities capabilities, AsOf asOf) {
    this(what, path, body, capabilities, null, asOf, SharingErrors.ASK_FOR_HISTORY, false);
  }

  /** A name as a segment of a path. */
  static String segment(String name) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
  }

  static RestRequest get(String what, String path) {
    return new RestRequest(what, path, null, null, AsOf.latest());
  }

  /** The same with another hint what to do if it is refused. */
  RestRequest ifRefused(String advice) {
    return new RestRequest(what, path, body, capabilities, fileIds, asOf, advice, failureFinal);
  }

  /** The same with a scheme of file ids; null for the server's own. */
  RestRequest withFileIds(ResponseFormat scheme) {
    return new RestRequest(what, path, body, capabilities, scheme, asOf, ifRefused, failureFinal);
  }

  /** The same where HTTP 500 is not tried again. */
  RestRequest withFailureFinal(boolean value) {
    return new RestRequest(what, path, body, capabilities, fileIds, asOf, ifRefused, value);
  }
}
