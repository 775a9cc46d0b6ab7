/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.it;

import io.github.deltasharing.testing.TestShare;
import java.util.List;
import java.util.UUID;

/** The secrets of {@link CanaryIT}, and the searches for them. */
final class CanarySecrets {
  /**
   * Within every secret that a user gives to the connector: a profile's, or an option's of a read.
   */
  static final String CORE = TestShare.CANARY.substring("canary-".length());

  static final SecretSearch SECRET = new SecretSearch(CORE);

  /**
   * Within secrets in Spark's configuration, a catalog's or the session's: Spark itself sends its
   * whole configuration to executors.
   */
  static final String CONF_CORE = UUID.randomUUID().toString();

  static final SecretSearch OF_CONF = new SecretSearch(CONF_CORE);

  /**
   * Within secrets that are set in the running session: of those Spark writes the confs of each job
   * into its event log as they are.
   */
  static final String SESSION_CORE = UUID.randomUUID().toString();

  static final SecretSearch OF_SESSION = new SecretSearch(SESSION_CORE);

  /** Within the proxy's password, which executors use as well. */
  static final String PROXY_CORE = UUID.randomUUID().toString();

  static final SecretSearch OF_PROXY = new SecretSearch(PROXY_CORE);

  /** Within secrets in the text of a statement, which Spark's own parser logs. */
  static final String SQL_CORE = UUID.randomUUID().toString();

  static final SecretSearch OF_SQL = new SecretSearch(SQL_CORE);

  /** What every place has, if the search of that place works. */
  static final String PLANTED_CORE = UUID.randomUUID().toString();

  static final SecretSearch PLANTED = new SecretSearch(PLANTED_CORE);
  static final SecretSearch SIGNATURE = new SecretSearch("signature=");

  /** Within the private key that signs assertions. */
  static final SecretSearch OF_KEY = new SecretSearch(CanarySignIns.PART_OF_KEY);

  /** Within the session tokens of directories' credentials: signed URLs have them. */
  static final String DIRECTORY_CORE = UUID.randomUUID().toString();

  static final SecretSearch OF_DIRECTORY = new SecretSearch(DIRECTORY_CORE);
  static final SecretSearch SIGNATURE_OF_STORE = new SecretSearch("X-Amz-Signature=");

  static final List<SecretSearch> ALL =
      List.of(
          SECRET,
          OF_CONF,
          OF_SESSION,
          OF_PROXY,
          OF_SQL,
          OF_KEY,
          PLANTED,
          SIGNATURE,
          OF_DIRECTORY,
          SIGNATURE_OF_STORE);

  private CanarySecrets() {}
}
