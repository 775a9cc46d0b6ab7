package io.github.deltasharing.spark;

import io.github.deltasharing.changes.ChangeRange;
import io.github.deltasharing.changes.ChangeSchema;
import io.github.deltasharing.changes.SchemaHistory;
import io.github.deltasharing.client.AsOf;
import io.github.deltasharing.client.ChangesRequest;
import io.github.deltasharing.client.ChangesResult;
import io.github.deltasharing.client.SharingClient;
import io.github.deltasharing.client.TableMetadata;
import io.github.deltasharing.client.TableName;
import io.github.deltasharing.options.SharingOptions;
import io.github.deltasharing.options.SharingReadConf;
import io.github.deltasharing.protocol.Metadata;
import io.github.deltasharing.protocol.Protocol;
import io.github.deltasharing.pushdown.ScanColumns;
import io.github.deltasharing.table.TableFeatures;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.connector.catalog.SupportsRead;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.connector.catalog.TableCapability;
import org.apache.spark.sql.connector.read.ScanBuilder;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/**
 * The changes of a shared table: its columns as they were when the DataFrame was defined, and three
 * that tell of each change. Lives on the driver; holds the client, and through it the credential.
 */
final class ChangesTable implements Table, SupportsRead {
  private final SharingClient client;
  private final TableName name;
  private final SharingReadConf conf;
  private final TableMetadata loaded;
  private final long latest;
  private final SharedSchema columns;
  private final StructType schema;

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
    this.columns = SharedSchema.parse(name, loaded.metadata());
    this.schema = ChangeSchema.of(name.toString(), columns.logical(), loaded.format());
  }

  /**
   * Asks the server for the latest metadata: one request. As in Delta Lake, changes are read by the
   * latest schema; where columns are mapped, by that of the last version asked for, which takes a
   * second request.
   */
  static ChangesTable load(SharingClient client, TableName name, SharingReadConf conf) {
    TableMetadata latest = metadata(client, name, conf, AsOf.latest());
    TableMetadata read = latest;
    AsOf end = ChangeRange.end(conf);
    boolean mapped =
        !TableFeatures.columnMappingMode(name.toString(), latest.metadata()).equals("none");
    boolean earlier = end.version() == null || end.version() < latest.version();
    if (mapped && !end.isLatest() && earlier) {
      read = metadata(client, name, conf, end);
    }
    return new ChangesTable(client, name, conf, read, latest.version());
  }

  private static TableMetadata metadata(
      SharingClient client, TableName name, SharingReadConf conf, AsOf asOf) {
    TableMetadata answer =
        client.metadata(name, asOf, SharingTable.formats(conf), TableFeatures.SUPPORTED);
    TableFeatures.check(name.toString(), answer.protocol(), answer.metadata());
    return answer;
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
    SchemaHistory history = new SchemaHistory(table, loaded.metadata(), loaded.version());
    history.check(answer.table().metadata(), version(answer.table().metadata(), answer));
    for (Metadata metadata : answer.laterMetadata()) {
      history.check(metadata, version(metadata, answer));
    }
  }

  private static long version(Metadata metadata, ChangesResult answer) {
    return metadata.version() == null ? answer.table().version() : metadata.version();
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

  /** What is read, by which path and in which way: equal for reads that get the same answer. */
  Object identity() {
    return List.of(
        conf.get(SharingOptions.PATH), tableId(), schema, conf.get(SharingOptions.RESPONSE_FORMAT));
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
  public Set<TableCapability> capabilities() {
    return Set.of(TableCapability.BATCH_READ, TableCapability.MICRO_BATCH_READ);
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
