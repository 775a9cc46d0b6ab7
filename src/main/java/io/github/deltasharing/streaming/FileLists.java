package io.github.deltasharing.streaming;

import io.github.deltasharing.client.AsOf;
import io.github.deltasharing.client.ChangesRequest;
import io.github.deltasharing.client.ChangesResult;
import io.github.deltasharing.client.QueryRequest;
import io.github.deltasharing.client.QueryResult;
import io.github.deltasharing.client.SharingClient;
import io.github.deltasharing.client.TableMetadata;
import io.github.deltasharing.client.TableName;
import io.github.deltasharing.error.SharingServerException;
import io.github.deltasharing.error.StreamErrors;
import io.github.deltasharing.error.TransientSharingException;
import io.github.deltasharing.listing.UrlLife;
import io.github.deltasharing.protocol.ChangeFile;
import io.github.deltasharing.protocol.Metadata;
import io.github.deltasharing.protocol.Protocol;
import io.github.deltasharing.protocol.ResponseFormat;
import io.github.deltasharing.table.TableFeatures;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Asks the server for the files of commits and of snapshots. Immutable; thread-safe. */
public final class FileLists {
  private final SharingClient client;
  private final TableName table;
  private final List<ResponseFormat> formats;
  private final ChangesRequest.Feed feed;
  private final Integer pageSize;
  private final Duration assumedLife;

  /**
   * @param formats the dialects to offer
   * @param feed which side of commits
   * @param pageSize files a page, or null for no paging
   * @param assumedLife of URLs whose end the server does not tell
   */
  public FileLists(
      SharingClient client,
      TableName table,
      List<ResponseFormat> formats,
      ChangesRequest.Feed feed,
      Integer pageSize,
      Duration assumedLife) {
    this.client = client;
    this.table = table;
    this.formats = List.copyOf(formats);
    this.feed = feed;
    this.pageSize = pageSize;
    this.assumedLife = assumedLife;
  }

  boolean ofRows() {
    return feed == ChangesRequest.Feed.ROWS;
  }

  /**
   * What some commits did: one request, or as many as it has pages.
   *
   * @param order to be answered in, or null for any
   */
  Listing commits(long first, long last, FileOrder order) {
    ChangesRequest request =
        new ChangesRequest(
            feed,
            AsOf.ofVersion(first),
            AsOf.ofVersion(last),
            offered(order),
            TableFeatures.SUPPORTED,
            pageSize);
    UrlLife life = new UrlLife(System.currentTimeMillis(), assumedLife, null);
    ChangesResult result;
    try {
      result = client.changes(table, request);
    } catch (TransientSharingException e) {
      throw e;
    } catch (SharingServerException e) {
      throw isOfCredentials(e)
          ? e
          : StreamErrors.streamHistoryGone(table.toString(), first, last, e);
    }
    Map<Long, List<ChangeFile>> files =
        result.files().stream()
            // The flag is about data files.
            .filter(change -> change.kind() == ChangeFile.Kind.CDC || change.dataChange())
            .collect(Collectors.groupingBy(change -> change.file().version()));
    List<Metadata> metadata = new ArrayList<>(List.of(result.table().metadata()));
    metadata.addAll(result.laterMetadata());
    List<Protocol> protocols = new ArrayList<>(List.of(result.table().protocol()));
    protocols.addAll(result.laterProtocols());
    return new Listing(
        first,
        last,
        false,
        null,
        answered(result.table(), order, first),
        life,
        files,
        metadata,
        protocols,
        () -> commits(first, last, order));
  }

  /**
   * The table as of a version.
   *
   * @param order to be answered in, or null for any
   * @param latest the server's latest version as far as known; −1 if it is not
   */
  Listing snapshot(long version, FileOrder order, long latest) {
    QueryRequest request = QueryRequest.latest(offered(order), TableFeatures.SUPPORTED);
    if (pageSize != null) {
      request = request.inPagesOf(pageSize);
    }
    long start = System.currentTimeMillis();
    QueryResult result = snapshot(request, version, latest);
    UrlLife life = new UrlLife(start, assumedLife, result.urlExpiration());
    List<ChangeFile> files =
        result.files().stream()
            .map(file -> new ChangeFile(ChangeFile.Kind.ADD, file, true))
            .toList();
    return new Listing(
        version,
        version,
        true,
        commitTime(result, version),
        answered(result.table(), order, version),
        life,
        Map.of(version, files),
        List.of(result.table().metadata()),
        List.of(result.table().protocol()),
        () -> snapshot(version, order, latest));
  }

  /**
   * By its number; where the server knows no history, it may still be the latest. Changes of rows
   * need the commit's time, which only an answer about a version has.
   */
  private QueryResult snapshot(QueryRequest request, long version, long latest) {
    SharingServerException refusal = null;
    long other = latest;
    List<AsOf> ways =
        ofRows() || latest != version
            ? List.of(AsOf.ofVersion(version), AsOf.latest())
            : List.of(AsOf.latest(), AsOf.ofVersion(version));
    for (AsOf way : ways) {
      try {
        QueryResult result = client.query(table, request.at(way));
        long answered = result.table().version();
        if (answered == version || (answered < 0 && !way.isLatest())) {
          return result;
        }
        other = answered;
      } catch (TransientSharingException e) {
        throw e;
      } catch (SharingServerException e) {
        refusal = e;
      }
    }
    throw StreamErrors.streamSnapshotGone(table.toString(), version, other, refusal);
  }

  /** Rows of a snapshot are inserts of its time. Null where nobody says it, or nobody asks. */
  private Long commitTime(QueryResult snapshot, long version) {
    if (!ofRows() || snapshot.files().isEmpty()) {
      return null;
    }
    Long told = CommitTime.told(snapshot.files().stream(), version);
    return told == null ? new CommitTime(client, table, formats).of(version) : told;
  }

  /** Whether the recipient is refused, not the versions. */
  private static boolean isOfCredentials(SharingServerException refusal) {
    return refusal.status() == 401 || refusal.status() == 403;
  }

  private List<ResponseFormat> offered(FileOrder order) {
    return order == null ? formats : List.of(order.format());
  }

  private FileOrder answered(TableMetadata answer, FileOrder asked, long version) {
    if (asked == FileOrder.DELTA_TIMES) {
      throw StreamErrors.streamOffsetUnusable(
          table.toString(),
          "it stands in the midst of its initial snapshot, version "
              + version
              + ", whose files its writer counted by their times");
    }
    if (asked != null && asked.format() != answer.format()) {
      throw StreamErrors.streamOffsetUnusable(
          table.toString(),
          "it stands within version "
              + version
              + ", whose files were counted as "
              + asked.format()
              + " answers list them, and the server answers in "
              + answer.format());
    }
    return asked == null ? FileOrder.of(answer.format()) : asked;
  }
}
