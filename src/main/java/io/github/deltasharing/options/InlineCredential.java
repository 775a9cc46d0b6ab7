/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.options;

import io.github.deltasharing.error.CredentialErrors;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * The fields of a credential that options give in place of a profile's file; none where they give
 * no credential. Secrets: they stay on the driver, and this prints without them. Immutable.
 */
public final class InlineCredential {
  private final String origin;
  private final Map<String, String> fields;
  private final String firstName;

  private InlineCredential(String origin, Map<String, String> fields, String firstName) {
    this.origin = origin;
    this.fields = Collections.unmodifiableMap(fields);
    this.firstName = firstName;
  }

  /**
   * Reads the options.
   *
   * @param origin where they come from, for messages about the credential
   * @param nameOf how the user knows an option, for messages about it
   * @param values an option's value by its key; null or blank where it is not given
   * @throws IllegalArgumentException if its type is said twice
   */
  public static InlineCredential of(
      String origin, UnaryOperator<String> nameOf, UnaryOperator<String> values) {
    Map<String, String> fields = new LinkedHashMap<>();
    String first = null;
    for (ConfigOption<String> option : CredentialOptions.ALL) {
      String value = values.apply(option.key());
      if (value == null || value.isBlank()) {
        continue;
      }
      first = first == null ? nameOf.apply(option.key()) : first;
      boolean isType =
          option.equals(CredentialOptions.TYPE) || option.equals(CredentialOptions.SHORT_TYPE);
      String before =
          fields.put(isType ? CredentialOptions.SHORT_TYPE.key() : option.key(), value.trim());
      if (before != null && !before.equalsIgnoreCase(value.trim())) {
        throw CredentialErrors.twoTypes(
            nameOf.apply(CredentialOptions.TYPE.key()),
            nameOf.apply(CredentialOptions.SHORT_TYPE.key()));
      }
    }
    return new InlineCredential(origin, fields, first);
  }

  public boolean isEmpty() {
    return fields.isEmpty();
  }

  /** Where it comes from, for messages. */
  public String origin() {
    return origin;
  }

  /** The name of one of its options, as the user knows it. */
  public String anOption() {
    return firstName;
  }

  /** The values by the names of a profile's fields: secrets among them. */
  public Map<String, String> fields() {
    return fields;
  }

  /** Whether all fields are the same. */
  @Override
  public boolean equals(Object o) {
    return o instanceof InlineCredential that && fields.equals(that.fields);
  }

  @Override
  public int hashCode() {
    return fields.hashCode();
  }

  /** Without the values. */
  @Override
  public String toString() {
    return "InlineCredential[" + origin + ", " + fields.keySet() + "]";
  }
}
