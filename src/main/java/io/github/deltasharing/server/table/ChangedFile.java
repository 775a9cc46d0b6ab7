package io.github.deltasharing.server.table;

/**
 * A file in one commit of a table. Immutable.
 *
 * @param kind what the commit did with it
 * @param file the file; of a removed one, the modification time is that of the removal
 * @param version the commit's version
 * @param timestamp when it was committed, in milliseconds since the epoch
 */
public record ChangedFile(Kind kind, SharedFile file, long version, long timestamp) {

  /** What a commit does with a file. */
  public enum Kind {
    /** Its rows are in the table from now on. */
    ADD("add"),
    /** Its rows are no longer in the table. */
    REMOVE("remove"),
    /** It is not part of the table: its rows say what the commit changed. */
    CHANGES("cdc");

    private final String action;

    Kind(String action) {
      this.action = action;
    }

    /** The name of the action in the table's log. */
    public String action() {
      return action;
    }
  }
}
