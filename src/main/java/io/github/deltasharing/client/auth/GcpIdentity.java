/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.client.auth;

import io.github.deltasharing.error.ProfileErrors;
import java.net.URI;
import java.util.List;
import java.util.Map;

/**
 * The service account of a machine or workload of Google Cloud: its tokens come from the metadata
 * service. Immutable.
 *
 * @param base URL of the metadata service
 * @param account its name, or {@code default}
 * @param audience whom an identity token is for; null for an access token
 * @param scope of an access token; or null
 */
record GcpIdentity(String base, String account, String audience, String scope, URI endpoint)
    implements TokenCredential {
  /** The profile's {@code type}. */
  static final String TYPE = "gcp_workload_identity";

  private static final String METADATA = "http://metadata.google.internal";

  static GcpIdentity of(ProfileFields profile) {
    String audience = profile.optional("audience");
    String scope = profile.optional("scope");
    if (audience == null && scope == null) {
      throw ProfileErrors.badProfile(
          profile.origin(),
          "it has neither an 'audience', for an identity token, nor a 'scope', for an access token");
    }
    String account = profile.optional("serviceAccount");
    return new GcpIdentity(
        profile.optional("metadataEndpoint") == null
            ? METADATA
            : profile.url("metadataEndpoint", false).toString(),
        account == null ? "default" : account,
        audience,
        scope,
        profile.url("endpoint", false));
  }

  @Override
  public AccessToken exchange(String origin, TokenRequests requests) {
    String url =
        base
            + "/computeMetadata/v1/instance/service-accounts/"
            + TokenRequests.encoded(account)
            + (audience != null
                ? "/identity?format=full&audience=" + TokenRequests.encoded(audience)
                : "/token?scopes=" + TokenRequests.encoded(scope));
    TokenRequest request =
        new TokenRequest(
            origin,
            url,
            Map.of("Metadata-Flavor", "Google"),
            null,
            List.of(),
            "'audience', 'scope' and 'serviceAccount', and whether this machine has a service account");
    TokenRequests metadata = requests.direct(origin, url);
    return audience == null ? metadata.token(request) : metadata.plainToken(request);
  }

  @Override
  public String identity(AccessToken token) {
    return KeyedDigest.of(TYPE, base, account, audience, scope);
  }

  @Override
  public List<URI> showsMachineTo() {
    return List.of(endpoint);
  }

  @Override
  public String key() {
    return KeyedDigest.of(identity(null), endpoint.toString());
  }

  @Override
  public List<String> secrets() {
    return List.of();
  }

  @Override
  public String toString() {
    return "GcpIdentity[" + account + "]";
  }
}
