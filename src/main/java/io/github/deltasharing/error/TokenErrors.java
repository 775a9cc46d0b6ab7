/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.error;

import java.time.Duration;

/**
 * Factories of the exceptions about getting access tokens. None contains a secret: texts of others
 * come masked. Driver; stateless.
 */
public final class TokenErrors {
  private TokenErrors() {}

  private static String failed(String origin) {
    return "Signing in with the profile " + origin + " failed: ";
  }

  /**
   * An identity provider's refusal.
   *
   * @param error OAuth's error code, or an empty text
   * @param said what it says about it, masked; or an empty text
   * @param fields of the profile that decide, as messages name them
   * @param clockAhead how far this machine's clock is ahead of the other's
   */
  public static SharingServerException refused(
      String origin,
      String host,
      int status,
      String error,
      String said,
      String fields,
      Duration clockAhead) {
    return new SharingServerException(
        failed(origin)
            + answered(host, status, error, said)
            + advice(status, error, fields)
            + clock(clockAhead),
        status,
        error,
        "");
  }

  /** An identity provider that cannot answer now. */
  public static TransientSharingException busy(
      String origin, String host, int status, String error, String said, long retryAfterMillis) {
    return new TransientSharingException(
        failed(origin)
            + answered(host, status, error, said)
            + "It failed on the side of the identity provider: try later, or raise"
            + " 'oauth.tokenExchangeMaxRetries'.",
        status,
        error,
        "",
        retryAfterMillis);
  }

  private static String answered(String host, int status, String error, String said) {
    return "the token endpoint at "
        + host
        + " answered HTTP "
        + status
        + (error.isEmpty() ? "" : " " + error)
        + (said.isEmpty() ? "" : " (" + said + ")")
        + ". ";
  }

  private static String advice(int status, String error, String fields) {
    String ask = " of the profile, or ask whoever runs the identity provider.";
    return switch (error) {
      case "invalid_scope" -> "Check 'scope'" + ask;
      case "unauthorized_client", "unsupported_grant_type" ->
          "The client may not get tokens in this way: check the 'type'" + ask;
      case "invalid_client", "invalid_grant", "access_denied" -> "Check " + fields + ask;
      default ->
          switch (status) {
            case 401, 403 -> "Check " + fields + ask;
            case 301, 302, 303, 307, 308 ->
                "Redirects are not followed, so that the secret goes nowhere else: put the final URL into the profile.";
            default -> "Check the token endpoint's URL and " + fields + ask;
          };
    };
  }

  private static String clock(Duration ahead) {
    return ahead.isZero()
        ? ""
        : " This machine's clock is "
            + ahead.abs().toSeconds()
            + " s "
            + (ahead.isNegative() ? "behind" : "ahead of")
            + " that of the identity provider: set it right.";
  }

  /** A response that holds no token; one that another try may get right is said so. */
  public static SharingException noToken(
      String origin, String host, String reason, boolean brokenOff) {
    String message =
        failed(origin)
            + "the token endpoint at "
            + host
            + " answered without a token: "
            + reason
            + ". Check that the profile's 'tokenEndpoint' is that of the identity provider.";
    return brokenOff ? new TransientSharingException(message, null) : new SharingException(message);
  }

  /**
   * No response.
   *
   * @param advice what to do, if another try gets none either; else null
   */
  public static SharingException unreachable(
      String origin, String host, String reason, String advice, Throwable cause) {
    String message =
        failed(origin)
            + "the token endpoint at "
            + host
            + " cannot be reached: "
            + reason
            + ". "
            + (advice == null
                ? "Check the token endpoint's URL and the network: the options 'proxyHost' and 'proxyPort', and those of"
                    + " certificates, hold for it too."
                : advice);
    return advice == null
        ? new TransientSharingException(message, cause)
        : new SharingException(message, cause);
  }

  /** The last failure, when it is not tried again. */
  public static SharingException gaveUp(TransientSharingException last) {
    return new SharingException(last.getMessage(), last);
  }

  public static SharingException interrupted(String origin) {
    return new SharingException(failed(origin) + "it was interrupted. Run the query again.");
  }
}
