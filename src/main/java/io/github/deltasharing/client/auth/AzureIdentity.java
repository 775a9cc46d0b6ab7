/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.client.auth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.LongNode;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * A managed identity of Azure: its tokens come from the machine's metadata service, or from the
 * endpoint that App Service and Functions name in the environment. Immutable.
 *
 * @param service URL of the request, without the parameters below
 * @param secretHeader what App Service wants to see in each request: a secret; or null
 * @param resource whom the token is for
 * @param clientId of an identity that was assigned to the machine by a user; null for its own
 */
record AzureIdentity(
    String service, String secretHeader, String resource, String clientId, URI endpoint)
    implements TokenCredential {
  /** The profile's {@code type}. */
  static final String TYPE = "azure_managed_identity";

  private static final String METADATA = "http://169.254.169.254";

  static AzureIdentity of(ProfileFields profile, UnaryOperator<String> environment) {
    String given = profile.optional("metadataEndpoint");
    String ofService = environment.apply("IDENTITY_ENDPOINT");
    String header = environment.apply("IDENTITY_HEADER");
    boolean appService = given == null && ofService != null && header != null;
    String base = given == null ? METADATA : profile.url("metadataEndpoint", false).toString();
    return new AzureIdentity(
        appService
            ? ofService + "?api-version=2019-08-01"
            : base + "/metadata/identity/oauth2/token?api-version=2018-02-01",
        appService ? header : null,
        profile.required("resource"),
        profile.optional("clientId"),
        profile.url("endpoint", false));
  }

  @Override
  public AccessToken exchange(String origin, TokenRequests requests) {
    String url =
        service
            + "&resource="
            + TokenRequests.encoded(resource)
            + (clientId == null ? "" : "&client_id=" + TokenRequests.encoded(clientId));
    return requests
        .direct(origin, url)
        .token(
            new TokenRequest(
                origin,
                url,
                secretHeader == null
                    ? Map.of("Metadata", "true")
                    : Map.of("X-IDENTITY-HEADER", secretHeader),
                null,
                secrets(),
                "'resource' and 'clientId', and whether this machine has a managed identity"));
  }

  /** The field of a response that says how long its token lives; App Service gives its end. */
  static JsonNode life(JsonNode json, TokenReply reply) {
    JsonNode end = json.path("expires_on");
    return json.has("expires_in") || !end.asText().matches("\\d{1,12}")
        ? json.path("expires_in")
        : LongNode.valueOf(Long.parseLong(end.asText()) - reply.sent().getEpochSecond());
  }

  @Override
  public String identity(AccessToken token) {
    return KeyedDigest.of(TYPE, service, resource, clientId);
  }

  @Override
  public List<URI> showsMachineTo() {
    return List.of(endpoint);
  }

  @Override
  public String key() {
    return KeyedDigest.of(identity(null), secretHeader, endpoint.toString());
  }

  @Override
  public List<String> secrets() {
    return secretHeader == null ? List.of() : List.of(secretHeader);
  }

  @Override
  public String toString() {
    return "AzureIdentity[" + resource + "]";
  }
}
