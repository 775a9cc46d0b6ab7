/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.activation;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;

/**
 * Who opens an activation link: a client, which wants the profile, or a browser and what looks like
 * one. Immutable.
 *
 * @param isBrowser whether a page is what is wanted
 */
record Visitor(boolean isBrowser) {

  /**
   * By what the request accepts. A browser also says for what it fetches: for anything but its own
   * scripts, such as a picture or a frame, that is no client of the protocol.
   */
  static Visitor of(Request request) {
    String purpose = request.getHeaders().get("Sec-Fetch-Dest");
    if (purpose != null && !purpose.equalsIgnoreCase("empty")) {
      return new Visitor(true);
    }
    List<String> accepted = request.getHeaders().getQualityCSV(HttpHeader.ACCEPT);
    Optional<String> first =
        accepted.stream()
            .map(Visitor::type)
            .filter(type -> type.equals("text/html") || isJson(type))
            .findFirst();
    return new Visitor(first.map(type -> !isJson(type)).orElse(!accepted.isEmpty()));
  }

  private static boolean isJson(String type) {
    return type.equals("application/json") || type.equals("application/*") || type.equals("*/*");
  }

  private static String type(String range) {
    return range.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
  }
}
