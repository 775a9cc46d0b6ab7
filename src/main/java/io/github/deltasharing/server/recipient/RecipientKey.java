/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.recipient;

import io.github.deltasharing.server.auth.Principal;
import io.github.deltasharing.server.store.StoredRecipient;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A recipient as a principal. Immutable.
 *
 * @param id the recipient's id
 * @param epoch the recipient's epoch when it was asked for: what was issued in an earlier one is of
 *     no use any more
 */
public record RecipientKey(String id, long epoch) {
  private static final Pattern PRINCIPAL = Pattern.compile("([0-9a-f-]{36})\\.(\\d{1,18})");

  static RecipientKey of(StoredRecipient recipient) {
    return new RecipientKey(recipient.id(), recipient.epoch());
  }

  /** The recipient of a principal, if it is one. */
  public static Optional<RecipientKey> of(Principal principal) {
    Matcher matcher = PRINCIPAL.matcher(principal.id());
    return matcher.matches()
        ? Optional.of(new RecipientKey(matcher.group(1), Long.parseLong(matcher.group(2))))
        : Optional.empty();
  }

  Principal principal() {
    return new Principal(id + "." + epoch, /* oneClient= */ true);
  }
}
