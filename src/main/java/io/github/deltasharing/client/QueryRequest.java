package io.github.deltasharing.client;

import io.github.deltasharing.protocol.ResponseFormat;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * What a snapshot query asks for. Immutable.
 *
 * @param asOf the version
 * @param formats dialects offered
 * @param readerFeatures table features that the caller honours
 * @param maxFiles files a page, or null for no paging
 */
public record QueryRequest(
    AsOf asOf, List<ResponseFormat> formats, Collection<String> readerFeatures, Integer maxFiles) {
  public QueryRequest {
    formats = List.copyOf(formats);
    readerFeatures = Set.copyOf(readerFeatures);
  }

  /** The latest snapshot, in these dialects, with these features. */
  public static QueryRequest latest(
      List<ResponseFormat> formats, Collection<String> readerFeatures) {
    return new QueryRequest(AsOf.latest(), formats, readerFeatures, null);
  }

  /** The same in pages. */
  public QueryRequest inPagesOf(int files) {
    return new QueryRequest(asOf, formats, readerFeatures, files);
  }

  /** The same of another version. */
  public QueryRequest at(AsOf other) {
    return new QueryRequest(other, formats, readerFeatures, maxFiles);
  }
}
