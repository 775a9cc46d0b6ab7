package io.github.deltasharing.listing;

import io.github.deltasharing.client.ChangesRequest;
import io.github.deltasharing.client.ChangesResult;
import io.github.deltasharing.client.QueryResult;
import io.github.deltasharing.client.SharingClient;
import io.github.deltasharing.client.TableName;
import io.github.deltasharing.error.FileErrors;
import io.github.deltasharing.protocol.AddFile;
import io.github.deltasharing.protocol.ChangeFile;
import java.util.List;

/**
 * Asks the server for the files of a range of commits again, for the sake of their URLs. What
 * commits did does not change, so the same question has the same answer, as long as its range has
 * both ends. Driver only; used by one thread at a time.
 */
public final class ChangeRelisting implements ListingRefresh {
  private final SharingClient client;
  private final TableName table;
  private final ChangesRequest question;
  private final String tableId;

  /**
   * @param question what was asked for, between two versions
   * @param tableId of the table that answered
   */
  public ChangeRelisting(
      SharingClient client, TableName table, ChangesRequest question, String tableId) {
    this.client = client;
    this.table = table;
    this.question = question;
    this.tableId = tableId;
  }

  /** What names a change's file: an id alone may stand for it in several commits. */
  public static String key(ChangeFile change) {
    return change.file().version() + "/" + change.kind() + "/" + change.file().id();
  }

  @Override
  public QueryResult refresh() {
    ChangesResult answer = client.changes(table, question);
    if (!answer.table().metadata().id().equals(tableId)) {
      throw FileErrors.urlsNotRenewed(toString(), "another table took its place", null);
    }
    List<AddFile> files =
        answer.files().stream().map(change -> change.file().withId(key(change))).toList();
    return new QueryResult(answer.table(), files, null, answer.urlExpiration(), answer.pages());
  }

  @Override
  public void confirm() {
    SameTable.confirm(client, table, tableId);
  }

  @Override
  public String toString() {
    return table + question.suffix();
  }
}
