package io.github.deltasharing.client;

import io.github.deltasharing.protocol.Capabilities;
import io.github.deltasharing.protocol.ResponseFormat;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** The optional parts of a request about a table, and the capabilities that they amount to. */
final class WantedExtras {
  private final Set<Extra> extras = EnumSet.of(Extra.END_STREAM);

  /**
   * @param formats dialects offered
   * @param readerFeatures table features that the caller honours
   */
  WantedExtras(List<ResponseFormat> formats, Collection<String> readerFeatures) {
    addIf(Capabilities.offersFeatures(formats, readerFeatures), Extra.READER_FEATURES);
  }

  WantedExtras addIf(boolean wanted, Extra extra) {
    if (wanted) {
      extras.add(extra);
    }
    return this;
  }

  Set<Extra> get() {
    return extras;
  }

  /** The capabilities to offer with some of the optional parts. */
  static Capabilities capabilities(
      List<ResponseFormat> formats, Collection<String> readerFeatures, Set<Extra> sent) {
    return new Capabilities(
        formats,
        sent.contains(Extra.READER_FEATURES) ? Set.copyOf(readerFeatures) : Set.of(),
        sent.contains(Extra.END_STREAM),
        sent.contains(Extra.ASYNC));
  }
}
