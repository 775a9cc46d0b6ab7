/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Declares a setting of {@code share.yaml}: the component's name is its key, its type and this
 * annotation say the rest. {@link SettingValues} fills the record, and a test holds {@code
 * docs/server.md} to it.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
@interface Setting {
  /** The value where the configuration has none. */
  String defaultValue();

  /** The least value that is allowed, of numbers. */
  long min() default Long.MIN_VALUE;

  /** What the setting does, as the documentation says it. */
  String doc();
}
