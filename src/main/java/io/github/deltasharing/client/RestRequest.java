package io.github.deltasharing.client;

import io.github.deltasharing.error.SharingErrors;
import io.github.deltasharing.protocol.Capabilities;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/**
 * One request to the sharing server, without its credential.
 *
 * @param what what it is for, as messages say it: {@code query for share.schema.table}
 * @param path path and query below the endpoint, encoded, with a leading slash
 * @param body JSON to POST, or null for GET
 * @param capabilities offered, or null
 * @param asOf the version that it asks for, or the first one
 * @param ifRefused what to do if the server does not give that
 */
record RestRequest(
    String what, String path, String body, Capabilities capabilities, AsOf asOf, String ifRefused) {
  RestRequest(String what, String path, String body, Capabilities capabilities, AsOf asOf) {
    this(what, path, body, capabilities, asOf, SharingErrors.ASK_FOR_HISTORY);
  }

  /** A name as a segment of a path. */
  static String segment(String name) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
  }

  static RestRequest get(String what, String path) {
    return new RestRequest(what, path, null, null, AsOf.latest());
  }
}
