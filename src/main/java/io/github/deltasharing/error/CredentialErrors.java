/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.error;

/**
 * Factories of the exceptions about credentials that options give. None contains a value of an
 * option that may be a secret. Driver; stateless.
 */
public final class CredentialErrors {
  private CredentialErrors() {}

  /** A credential's type said twice, and differently. */
  public static IllegalArgumentException twoTypes(String one, String other) {
    return new IllegalArgumentException(
        "Options '"
            + one
            + "' and '"
            + other
            + "' are two names of one option and have different values. Give one of them.");
  }

  /** What an administrator forbids. */
  public static IllegalArgumentException inlineForbidden(String option, String conf) {
    return new IllegalArgumentException(
        "Option '"
            + option
            + "' is refused: an administrator allows no credentials in options (the conf '"
            + conf
            + "'). Use a profile file that only those who may use it can read.");
  }

  /** A path with a profile, and a credential beside it. */
  public static IllegalArgumentException profileAndOptions(String path, String option) {
    return new IllegalArgumentException(
        "The path '"
            + path
            + "' names a profile file, and option '"
            + option
            + "' gives a credential: they exclude each other. Remove the credential's options (or the session confs"
            + " spark.datasource.deltaSharing.* that set them), or use load(\"<share>.<schema>.<table>\").");
  }

  /** A class that gives profiles, and a credential beside it. */
  public static IllegalArgumentException providerAndOptions(String provider, String option) {
    return new IllegalArgumentException(
        "Option '"
            + provider
            + "' names a class that gives profiles, and option '"
            + option
            + "' gives a credential: they exclude each other. Give one of them.");
  }

  /** A read's place with the session's secret. */
  public static IllegalArgumentException secretOfSession(String place, String secret) {
    return new IllegalArgumentException(
        "Option '"
            + place
            + "' is the read's own, and '"
            + secret
            + "' is that of the session's confs spark.datasource.deltaSharing.*: the session's secret is not sent there."
            + " Give all options of a credential in one place; where the read's has no '"
            + secret
            + "', set it to an empty text.");
  }

  /** A plain path that is no table's name. */
  public static IllegalArgumentException badName(String path, String option) {
    return new IllegalArgumentException(
        "The path '"
            + path
            + "' names no shared table: it does not have the three parts <share>.<schema>.<table>, which is all that it has"
            + " to name where options give the credential ('"
            + option
            + "'). Use load(\"<share>.<schema>.<table>\").");
  }
}
