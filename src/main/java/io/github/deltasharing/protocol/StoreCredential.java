/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.protocol;

/**
 * What a store is read with: keys, a signature or a token, one record for each kind that the
 * protocol has. Secrets, which no text of these records shows. Immutable.
 */
public sealed interface StoreCredential {
  /** The name of its kind on the wire. */
  String kind();

  /**
   * Keys to S3 or a store like it. The last three components are an extension of this project,
   * which others ignore: stores that are not Amazon's are not found without. Each is null where the
   * server does not say.
   *
   * @param kind {@link #AWS} or {@link #R2}
   * @param accessKeyId identifies the keys
   * @param secretAccessKey signs requests
   * @param sessionToken goes with each request; null for keys without one, which are not temporary
   * @param endpoint the store's URL
   * @param region that requests are signed for
   * @param pathStyleAccess whether the bucket is in the URL's path, not in its host
   */
  record S3Keys(
      String kind,
      String accessKeyId,
      String secretAccessKey,
      String sessionToken,
      String endpoint,
      String region,
      Boolean pathStyleAccess)
      implements StoreCredential {
    public static final String AWS = "awsTempCredentials";
    public static final String R2 = "r2Credentials";

    /** Without the keys. */
    @Override
    public String toString() {
      return kind + "[endpoint=" + endpoint + ", region=" + region + "]";
    }
  }

  /**
   * A signature for a directory of Azure storage.
   *
   * @param sasToken the query of a URL, without a question mark
   */
  record AzureSas(String sasToken) implements StoreCredential {
    public static final String KIND = "azureUserDelegationSas";

    @Override
    public String kind() {
      return KIND;
    }

    /** Without the signature. */
    @Override
    public String toString() {
      return KIND + "[]";
    }
  }

  /**
   * A token for Google's storage.
   *
   * @param oauthToken goes into the header Authorization
   */
  record GcpToken(String oauthToken) implements StoreCredential {
    public static final String KIND = "gcpOauthToken";

    @Override
    public String kind() {
      return KIND;
    }

    /** Without the token. */
    @Override
    public String toString() {
      return KIND + "[]";
    }
  }

  /** A kind that this version does not know. Only its name is kept. */
  record Unknown(String kind) implements StoreCredential {}
}
