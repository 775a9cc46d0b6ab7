/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.http;

import io.github.deltasharing.error.Masking;
import io.github.deltasharing.error.SharingErrors;
import io.github.deltasharing.error.SharingException;
import java.io.IOException;

/** Exceptions about peers of the driver that are not reached. Driver only; stateless. */
public final class Unreachable {
  private Unreachable() {}

  /**
   * The exception for a request that got no response: a {@link
   * io.github.deltasharing.error.TransientSharingException} if another try may get one.
   *
   * @param what what failed: {@code query for share.schema.table}
   * @param peer what it is and where: {@code the sharing server host:port}
   * @param masking of the secrets that were sent
   */
  public static SharingException of(String what, String peer, IOException e, Masking masking) {
    if (Thread.currentThread().isInterrupted()) {
      return SharingErrors.interrupted(what);
    }
    String reason = masking.line(Failures.reason(e));
    String advice = Failures.advice(e);
    return advice == null
        ? SharingErrors.unreachable(what, peer, reason, Failures.isUnconnected(e), masking.cause(e))
        : SharingErrors.unreachableForGood(what, peer, reason, advice, masking.cause(e));
  }
}
