package io.github.deltasharing.spark;

import io.github.deltasharing.changes.ChangeRange;
import io.github.deltasharing.changes.ChangeSchema;
import io.github.deltasharing.changes.SchemaHistory;
import io.github.deltasharing.client.ChangesRequest;
import io.github.deltasharing.client.ChangesResult;
import io.github.deltasharing.client.SharingClient;
import io.github.deltasharing.client.TableMetadata;
import io.github.deltasharing.client.TableName;
import io.github.deltasharing.options.SharingOptions;
import io.github.deltasharing.options.SharingReadConf;
import io.github.deltasharing.protocol.Protocol;
import io.github.deltasharing.pushdown.ScanColumns;
import io.github.deltasharing.table.TableFeatures;
import java.util.List;
import org.apache.spark.sql.connector.read.ScanBuilder;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/**
 * The changes of a shared table: its columns as they were when the DataFrame was defined, and three
 * that tell of each change. Lives on the driver; holds the client, and through it the credential.
 */
final class ChangesTable implements ReadOnlyTable {
  private final SharingClient client;
  private final TableName name;
  private final SharingReadConf conf;
  private final TableMetadata loaded;
  private final long latest;
  private final SharedSchema columns;
  private final StructType schema;
  private final ReadIdentity read;

  /** Null where the options do not say where a batch would start. */
  private final ChangeRange range;

  private ChangesTable(
      SharingClient client,
      TableName name,
      SharingReadConf conf,
      TableMetadata loaded,
      long latest) {
    this.client = client;
    this.name = name;
    this.conf = conf;
    this.loaded = loaded;
    this.latest = latest;
    this.read = ReadIdentity.of(client, name, loaded.metadata().id(), conf);
    this.columns = SharedSchema.parse(name, loaded.metadata());
    this.range = ChangeRange.isBounded(conf) ? ChangeRange.of(conf) : null;
    this.schema = ChangeSchema.of(name.toString(), columns.logical(), loaded.format());
  }

  /**
   * Asks the server by which schema the changes are to be read ({@link ChangeRead}): one request,
   * or two for a range that ends before the latest version.
   */
  static ChangesTable load(SharingClient client, TableName name, SharingReadConf conf) {
    ChangeRead read = ChangeRead.find(client, name, conf);
    return new ChangesTable(client, name, conf, read.schema(), read.latest());
  }

  /** The question for what commits of a range did with rows. */
  ChangesRequest request(ChangeRange range) {
    return new ChangesRequest(
        ChangesRequest.Feed.ROWS,
        range.start(),
        range.end(),
        SharingTable.formats(conf),
        TableFeatures.SUPPORTED,
        conf.get(SharingOptions.PAGINATION)
            ? conf.get(SharingOptions.MAX_FILES_PER_QUERY_REQUEST)
            : null);
  }

  /** Refuses an answer with versions whose files cannot be read by the schema of this. */
  void check(ChangesResult answer) {
    String table = name.toString();
    TableFeatures.check(table, answer.table().protocol(), answer.table().metadata());
    for (Protocol protocol : answer.laterProtocols()) {
      TableFeatures.check(table, protocol, answer.table().metadata());
    }
    new SchemaHistory(table, loaded.metadata(), loaded.version(), loaded.version() != latest)
        .check(answer);
  }

  /** The commits that a batch reads; times are those of the zone in which it was defined. */
  ChangeRange range() {
    return range == null ? ChangeRange.of(conf) : range;
  }

  /** A stream of the changes, whose files are read by {@code scan}. */
  SharingMicroBatchStream stream(StreamScan scan) {
    return Streams.open(client, name, conf, loaded, scan);
  }

  SharingClient client() {
    return client;
  }

  TableName tableName() {
    return name;
  }

  SharingReadConf conf() {
    return conf;
  }

  /** The table's columns, as files have them and as users see them. */
  SharedSchema sharedSchema() {
    return columns;
  }

  List<String> partitionColumns() {
    return loaded.metadata().partitionColumns();
  }

  String tableId() {
    return loaded.metadata().id();
  }

  /** The table's latest version when the DataFrame was defined; -1 where the server did not say. */
  long latest() {
    return latest;
  }

  /** The table's columns as filters see them. */
  ScanColumns scanColumns(String timeZone) {
    return new ScanColumns(columns.logical(), loaded.metadata(), columns.isMapped(), timeZone);
  }

  /** What is read, by whom and in which way: equal for reads that get the same answer. */
  Object identity() {
    return List.of(read, schema);
  }

  ReadIdentity read() {
    return read;
  }

  @Override
  public String name() {
    return name + ".changes";
  }

  @Override
  @SuppressWarnings("deprecation") // Spark's own callers still use it.
  public StructType schema() {
    return schema;
  }

  @Override
  public ScanBuilder newScanBuilder(CaseInsensitiveStringMap options) {
    return new ChangesScanBuilder(this);
  }

  @Override
  public String toString() {
    return "ChangesTable[" + name + "]";
  }
}
