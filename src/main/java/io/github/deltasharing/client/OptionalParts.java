/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.client;

import io.github.deltasharing.protocol.Capabilities;
import io.github.deltasharing.protocol.ResponseFormat;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Collects the optional parts of a request about a table. Driver only; used by one thread. */
final class OptionalParts {
  private final Set<OptionalPart> parts = EnumSet.of(OptionalPart.END_STREAM);

  /**
   * @param formats response formats offered
   * @param readerFeatures table features that the caller honours
   */
  OptionalParts(List<ResponseFormat> formats, Collection<String> readerFeatures) {
    addIf(Capabilities.offersFeatures(formats, readerFeatures), OptionalPart.READER_FEATURES);
  }

  OptionalParts addIf(boolean wanted, OptionalPart part) {
    if (wanted) {
      parts.add(part);
    }
    return this;
  }

  Set<OptionalPart> get() {
    return parts;
  }

  /** The capabilities to offer with some of the optional parts. */
  static Capabilities capabilities(
      List<ResponseFormat> formats, Collection<String> readerFeatures, Set<OptionalPart> sent) {
    return new Capabilities(
        formats,
        sent.contains(OptionalPart.READER_FEATURES) ? Set.copyOf(readerFeatures) : Set.of(),
        sent.contains(OptionalPart.END_STREAM),
        sent.contains(OptionalPart.ASYNC));
  }
}
