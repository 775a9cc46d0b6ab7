/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.error;

import java.time.Instant;
import java.util.regex.Pattern;

/**
 * Factories of the exceptions about profiles, like those of {@link SharingErrors}. Driver only;
 * stateless.
 */
public final class ProfileErrors {
  private static final Pattern TYPE = Pattern.compile("[a-z][a-z0-9_.]{0,40}");

  private ProfileErrors() {}

  /** A profile provider that cannot be used. */
  public static IllegalArgumentException badProvider(
      String option, String name, String reason, Throwable cause) {
    return new IllegalArgumentException(
        "Option '"
            + option
            + "' names the class "
            + name
            + ", which gives no profile: "
            + reason
            + ". Name one that implements io.github.deltasharing.client.ProfileProvider, or unset the option to read the"
            + " profile's file.",
        cause);
  }

  public static IllegalArgumentException badHeader(String origin, String name, String reason) {
    return new IllegalArgumentException(
        "The header '"
            + name
            + "' that the provider of the profile "
            + origin
            + " adds to requests cannot be sent: "
            + reason
            + ". Leave it out.");
  }

  public static IllegalArgumentException badProfile(String origin, String reason) {
    return new IllegalArgumentException(
        "The profile "
            + origin
            + " cannot be used: "
            + reason
            + ". Compare it with the file that the provider sent.");
  }

  /** A file of the driver, or a variable of its environment, that a profile names. */
  public static IllegalArgumentException badFile(
      String origin, String what, String location, String reason) {
    return new IllegalArgumentException(
        "The profile "
            + origin
            + " cannot be used: its "
            + what
            + " at "
            + location
            + " "
            + reason
            + ".");
  }

  /** A machine's identity that would be sent where nobody on this side allowed it. */
  public static IllegalArgumentException identityNotFor(String origin, String host, String option) {
    return new IllegalArgumentException(
        "The profile "
            + origin
            + " cannot be used: it signs in with this machine's own identity at "
            + host
            + ", which is not among the hosts that may get it. If you trust that host with it, name it in the option '"
            + option
            + "' (session conf spark.delta.sharing."
            + option
            + ").");
  }

  /** A profile whose credential would be sent without TLS. */
  public static IllegalArgumentException plainHttp(String origin, String field, String host) {
    return new IllegalArgumentException(
        "The profile "
            + origin
            + " cannot be used: its '"
            + field
            + "' on "
            + host
            + " is http without TLS, where anybody on the way can read the credential and use it. Ask the provider for"
            + " an https endpoint, or, in a network that you trust, set the option 'allowPlainHttp' (session conf"
            + " 'spark.datasource.deltaSharing.allowPlainHttp') to true.");
  }

  public static IllegalArgumentException profileVersion(String origin, String version, int newest) {
    return new IllegalArgumentException(
        "The profile "
            + origin
            + " has shareCredentialsVersion "
            + version
            + ", but this connector knows versions 1 to "
            + newest
            + ". Upgrade the connector.");
  }

  public static IllegalArgumentException profileType(String origin, String type, String known) {
    return new IllegalArgumentException(
        "The profile "
            + origin
            + " is of type '"
            // Something else in its place may be a secret, or long.
            + (TYPE.matcher(type).matches() ? type : "(not a type's name)")
            + "', which this version of deltaSharing does not sign in with (it knows "
            + known
            + "). Ask the provider for a profile of one of these.");
  }

  public static IllegalArgumentException profileNotFound(
      String origin, String resolved, Throwable cause) {
    return new IllegalArgumentException(
        "The profile "
            + origin
            + " does not exist"
            + (resolved.equals(origin) ? "" : " (looked for at " + resolved + ")")
            + ". Check the part of the path before the '#'; a path without a scheme is looked up in the"
            + " cluster's default file system, and the driver reads it: in cluster mode that runs on a node of the cluster,"
            + " so use a path that every node sees, or env:NAME.",
        cause);
  }

  /**
   * A scheme for which Hadoop has no file system here.
   *
   * @param artifact what has one; null where that is not known
   */
  public static IllegalArgumentException noFileSystem(
      String origin, String scheme, String artifact, Throwable cause) {
    return new IllegalArgumentException(
        "The profile "
            + origin
            + " cannot be read: this Spark has no file system for '"
            + scheme
            + ":'. "
            + (artifact == null
                ? "Add the jar of one to the class path"
                : "Add it with --packages "
                    + artifact
                    + ":<the version of Hadoop that this Spark has>")
            + ", or use a profile elsewhere.",
        cause);
  }

  public static IllegalArgumentException profileUnreadable(String origin, Throwable cause) {
    return new IllegalArgumentException(
        "The profile "
            + origin
            + " cannot be read: "
            + cause.getMessage()
            + ". Check its path and permissions.",
        cause);
  }

  public static IllegalArgumentException profileVariableUnset(String variable) {
    return new IllegalArgumentException(
        "The profile env:"
            + variable
            + " cannot be read: the environment variable "
            + variable
            + " is not set on the driver. Put the profile's JSON into it.");
  }

  public static SharingException profileExpired(String origin, Instant at) {
    return new SharingException(
        "The profile "
            + origin
            + " expired at "
            + at
            + ". Ask the provider for a new one and put it in its place.");
  }
}
