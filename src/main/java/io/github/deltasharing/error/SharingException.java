/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.error;

import io.github.deltasharing.annotation.PublicApi;

/**
 * A read, listing or plan that failed. The message says what failed, for which table, why, and what
 * to do; it never holds a token or the query of a signed URL. Unchecked and serialisable, so that
 * it survives the way from executor to driver.
 *
 * <p>An illegal argument to Java, because Spark turns only some classes of exceptions into short
 * ones of Python, by class; with any other a user of PySpark sees a hundred lines of Java first.
 */
@PublicApi
public class SharingException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  public SharingException(String message) {
    super(message);
  }

  public SharingException(String message, Throwable cause) {
    super(message, cause);
  }
}
