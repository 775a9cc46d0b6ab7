/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.options;

import io.github.deltasharing.annotation.PublicApi;
import java.util.List;

/**
 * The options that hold a credential in place of a profile's file. Their names are those of a
 * profile's fields. They are one credential together, so they are read together ({@link
 * InlineCredential}), and no default or conf of upstream's stands in for one.
 */
@PublicApi
public final class CredentialOptions {
  public static final ConfigOption<String> VERSION =
      option(
          "shareCredentialsVersion",
          "The version of the credential's form: `1` for a bearer token, `2` for any `type`, which is the default.");

  public static final ConfigOption<String> TYPE =
      option(
          "shareCredentialsType",
          "How to sign in, as a profile's field `type` says it. `bearer_token` is the default.");

  public static final ConfigOption<String> SHORT_TYPE =
      option("type", "A shorter name of `shareCredentialsType`.");

  public static final ConfigOption<String> ENDPOINT =
      option("endpoint", "The base URL of the sharing server.");

  public static final ConfigOption<String> BEARER_TOKEN =
      option("bearerToken", "`bearer_token`: the token. A secret.");

  public static final ConfigOption<String> EXPIRATION_TIME =
      option(
          "expirationTime",
          "When the credential expires, such as `2030-01-31T00:00:00Z`. Optional.");

  public static final ConfigOption<String> TOKEN_ENDPOINT =
      option("tokenEndpoint", "OAuth: the URL at which the identity provider gives tokens.");

  public static final ConfigOption<String> CLIENT_ID =
      option(
          "clientId",
          "OAuth, `azure_managed_identity`: the name of the client at the identity provider.");

  public static final ConfigOption<String> CLIENT_SECRET =
      option("clientSecret", "`oauth_client_credentials`: the client's secret.");

  public static final ConfigOption<String> SCOPE =
      option("scope", "OAuth: the scopes that are requested, separated by blanks. Optional.");

  public static final ConfigOption<String> AUDIENCE =
      option("audience", "OAuth, `gcp_workload_identity`: whom the token is for.");

  public static final ConfigOption<String> CLIENT_ASSERTION_FILE =
      option(
          "clientAssertionFile",
          "`oauth_client_credentials`: a file with a workload's token, in place of the secret.");

  public static final ConfigOption<String> USERNAME = option("username", "`basic`: the user.");

  public static final ConfigOption<String> PASSWORD =
      option("password", "`basic`: the user's password.");

  public static final ConfigOption<String> ISSUER =
      option("issuer", "`oauth_jwt_bearer_private_key_jwt`: who issues the tokens.");

  public static final ConfigOption<String> PRIVATE_KEY_FILE =
      option(
          "privateKeyFile",
          "`oauth_jwt_bearer_private_key_jwt`: the driver's file with the private key in PEM, or `env:NAME`.");

  public static final ConfigOption<String> KEY_ID =
      option(
          "keyId", "`oauth_jwt_bearer_private_key_jwt`: the key's name at the identity provider.");

  public static final ConfigOption<String> ALGORITHM =
      option(
          "algorithm",
          "`oauth_jwt_bearer_private_key_jwt`: `RS256`, which is the default, `PS256` or `ES256`.");

  public static final ConfigOption<String> TOKEN_FILE =
      option(
          "tokenFile",
          "`workload_token_file`: the driver's file with the token, or `env:NAME` for a variable with its path.");

  public static final ConfigOption<String> RESOURCE =
      option("resource", "`azure_managed_identity`: whom the token is for.");

  public static final ConfigOption<String> SERVICE_ACCOUNT =
      option(
          "serviceAccount", "`gcp_workload_identity`: the service account. Optional: `default`.");

  public static final ConfigOption<String> METADATA_ENDPOINT =
      option(
          "metadataEndpoint",
          "`azure_managed_identity`, `gcp_workload_identity`: another base URL of the metadata service. Optional.");

  /** All of them, in the order of the documentation. */
  public static final List<ConfigOption<String>> ALL =
      List.of(
          VERSION,
          TYPE,
          SHORT_TYPE,
          ENDPOINT,
          BEARER_TOKEN,
          EXPIRATION_TIME,
          TOKEN_ENDPOINT,
          CLIENT_ID,
          CLIENT_SECRET,
          CLIENT_ASSERTION_FILE,
          SCOPE,
          AUDIENCE,
          USERNAME,
          PASSWORD,
          ISSUER,
          PRIVATE_KEY_FILE,
          KEY_ID,
          ALGORITHM,
          TOKEN_FILE,
          RESOURCE,
          SERVICE_ACCOUNT,
          METADATA_ENDPOINT);

  /** Whatever must not show anywhere. */
  static final List<ConfigOption<String>> SECRETS = List.of(BEARER_TOKEN, CLIENT_SECRET, PASSWORD);

  /** What proves to others who the recipient is: a secret, or a file that has one. */
  static final List<ConfigOption<String>> PROOFS =
      List.of(
          BEARER_TOKEN,
          CLIENT_SECRET,
          PASSWORD,
          PRIVATE_KEY_FILE,
          CLIENT_ASSERTION_FILE,
          TOKEN_FILE);

  /** Where a credential is sent. */
  static final List<ConfigOption<String>> PLACES = List.of(ENDPOINT, TOKEN_ENDPOINT);

  private CredentialOptions() {}

  private static ConfigOption<String> option(String key, String doc) {
    return ConfigOption.text(key, doc);
  }

  /** Whether an option of this name, in any case, is one of a credential. */
  public static boolean isOne(String name) {
    return ALL.stream().anyMatch(option -> option.key().equalsIgnoreCase(name));
  }
}
