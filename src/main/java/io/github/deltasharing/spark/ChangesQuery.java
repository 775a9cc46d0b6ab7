package io.github.deltasharing.spark;

import io.github.deltasharing.changes.ChangeFilter;
import io.github.deltasharing.changes.ChangeRange;
import io.github.deltasharing.changes.ChangeRelisting;
import io.github.deltasharing.client.ChangesRequest;
import io.github.deltasharing.client.ChangesResult;
import io.github.deltasharing.error.ChangeErrors;
import io.github.deltasharing.listing.SnapshotUrls;
import io.github.deltasharing.listing.UrlLife;
import io.github.deltasharing.options.SharingOptions;
import io.github.deltasharing.protocol.ChangeFile;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One question for the changes of a table, asked when the answer is first needed, and once. Driver
 * only; thread-safe.
 */
final class ChangesQuery {
  private static final Logger LOG = LoggerFactory.getLogger(ChangesQuery.class);

  private final ChangesTable table;
  private final ChangeRange range;
  private final ChangeFilter filter;
  private Answer answer;

  /**
   * What the server answered.
   *
   * @param files of the commits asked for
   * @param life of their URLs
   * @param urls gives others when they grow old
   */
  record Answer(List<ChangeFile> files, UrlLife life, SnapshotUrls urls) {
    /** Without the files, whose URLs are secrets. */
    @Override
    public String toString() {
      return "Answer[" + files.size() + " files]";
    }
  }

  ChangesQuery(ChangesTable table, ChangeRange range, ChangeFilter filter) {
    this.table = table;
    this.range = range;
    this.filter = filter;
    Long start = range.start().version();
    if (start != null && table.latest() >= 0 && start > table.latest()) {
      throw ChangeErrors.startAfterLatest(table.tableName().toString(), start, table.latest());
    }
  }

  synchronized Answer answer() {
    if (answer == null) {
      Duration assumedLife = table.conf().get(SharingOptions.PRE_SIGNED_URL_EXPIRATION);
      UrlLife life = new UrlLife(System.currentTimeMillis(), assumedLife, null);
      ChangeRange asked = filter.narrow(range, table.latest());
      ChangesRequest request = table.request(asked == null ? range : asked);
      List<ChangeFile> files = asked == null ? List.of() : ask(asked, request);
      ChangeRelisting again =
          new ChangeRelisting(table.client(), table.tableName(), request, table.tableId());
      answer = new Answer(files, life, new SnapshotUrls(again, assumedLife));
    }
    return answer;
  }

  private List<ChangeFile> ask(ChangeRange asked, ChangesRequest request) {
    long start = System.nanoTime();
    ChangesResult result = table.client().changes(table.tableName(), request);
    table.check(result);
    LOG.info(
        "{}: {} files of changes{} listed in {} ms",
        table.tableName(),
        result.files().size(),
        asked,
        (System.nanoTime() - start) / 1_000_000);
    return result.files();
  }
}
