/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.api;

import io.github.deltasharing.protocol.TableAccess;
import io.github.deltasharing.protocol.TemporaryCredential;
import io.github.deltasharing.protocol.codec.RequestField;
import io.github.deltasharing.protocol.codec.RequestField.InvalidFieldException;
import io.github.deltasharing.protocol.codec.TemporaryCredentialCodec;
import io.github.deltasharing.server.error.ServerError;
import io.github.deltasharing.server.http.JsonResponses;
import io.github.deltasharing.server.http.RequestContext;
import io.github.deltasharing.server.share.SharedTable;
import io.github.deltasharing.server.storage.CredentialVendors;
import java.time.Instant;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Serves temporary credentials to tables' directories. Safe for use by several threads. */
final class CredentialsEndpoint {
  private final CredentialVendors vendors;

  CredentialsEndpoint(CredentialVendors vendors) {
    this.vendors = vendors;
  }

  void respond(SharedTable table, Request request, Response response, Callback callback) {
    TableAccess access = table.access();
    if (!access.offersDirectory()) {
      throw ServerError.unsupported(
          "Cannot give credentials for "
              + table.fullName()
              + ": it is offered by URL only. Query the table");
    }
    RequestContext context = RequestContext.of(request);
    requested(context.body())
        .filter(location -> !isSame(location, access.location()))
        .ifPresent(
            location -> {
              throw ServerError.invalid(
                  "location in the request's body must be %s, the location of %s, or absent"
                      .formatted(access.location(), table.fullName()));
            });
    TemporaryCredential credential = vendors.of(table).issue(table, context.principal());
    context.granted(access.location(), Instant.ofEpochMilli(credential.expirationTime()));
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
    JsonResponses.write(response, 200, TemporaryCredentialCodec.write(credential), callback);
  }

  private static Optional<String> requested(byte[] body) {
    try {
      return RequestField.LOCATION.in(RequestJson.read(body)).filter(text -> !text.isBlank());
    } catch (InvalidFieldException e) {
      throw ServerError.invalid(e.field() + " in the request's body must be " + e.allowed());
    }
  }

  /** Clients spell the scheme as their libraries do. */
  private static boolean isSame(String requested, String location) {
    String text = requested.replaceFirst("^s3[an]://", "s3://");
    while (text.endsWith("/") && !text.endsWith("//")) {
      text = text.substring(0, text.length() - 1);
    }
    return text.equals(location);
  }
}
