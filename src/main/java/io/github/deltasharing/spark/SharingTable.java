package io.github.deltasharing.spark;

import io.github.deltasharing.client.AsOf;
import io.github.deltasharing.client.QueryRequest;
import io.github.deltasharing.client.QueryResult;
import io.github.deltasharing.client.ScanHints;
import io.github.deltasharing.client.SharingClient;
import io.github.deltasharing.client.TableMetadata;
import io.github.deltasharing.client.TableName;
import io.github.deltasharing.error.SharingErrors;
import io.github.deltasharing.listing.SnapshotRefresh;
import io.github.deltasharing.listing.SnapshotUrls;
import io.github.deltasharing.listing.UrlLife;
import io.github.deltasharing.options.SharingOptions;
import io.github.deltasharing.options.SharingReadConf;
import io.github.deltasharing.protocol.ResponseFormat;
import io.github.deltasharing.pushdown.ScanColumns;
import io.github.deltasharing.read.FileMetadata;
import io.github.deltasharing.table.TableFeatures;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.connector.catalog.MetadataColumn;
import org.apache.spark.sql.connector.catalog.SupportsMetadataColumns;
import org.apache.spark.sql.connector.expressions.Expressions;
import org.apache.spark.sql.connector.expressions.Transform;
import org.apache.spark.sql.connector.read.ScanBuilder;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A shared table as it was when the DataFrame was defined: schema and partitioning. Lives on the
 * driver; holds the client, and through it the credential.
 */
final class SharingTable implements ReadOnlyTable, SupportsMetadataColumns {
  private static final Logger LOG = LoggerFactory.getLogger(SharingTable.class);

  private final SharingClient client;
  private final TableName name;
  private final SharingReadConf conf;
  private final TableMetadata loaded;
  private final AsOf asOf;
  private final SharedSchema schema;
  private final ReadIdentity read;

  private SharingTable(
      SharingClient client, TableName name, SharingReadConf conf, TableMetadata loaded, AsOf asOf) {
    this.client = client;
    this.name = name;
    this.conf = conf;
    this.loaded = loaded;
    this.asOf = asOf;
    this.schema = SharedSchema.parse(name, loaded.metadata());
    this.read = ReadIdentity.of(client, name, loaded.metadata().id(), conf);
  }

  /** Asks the server for the table's metadata: one request. Refuses what cannot be read right. */
  static SharingTable load(SharingClient client, TableName name, SharingReadConf conf) {
    AsOf asked = TimeTravel.asked(conf);
    TableMetadata loaded = client.metadata(name, asked, formats(conf), TableFeatures.SUPPORTED);
    TableFeatures.check(name.toString(), loaded.protocol(), loaded.metadata());
    return new SharingTable(client, name, conf, loaded, TimeTravel.pin(asked, loaded));
  }

  /** The dialects to offer. */
  static List<ResponseFormat> formats(SharingReadConf conf) {
    return switch (conf.get(SharingOptions.RESPONSE_FORMAT)) {
      case AUTO -> List.of(ResponseFormat.PARQUET, ResponseFormat.DELTA);
      case PARQUET -> List.of(ResponseFormat.PARQUET);
      case DELTA -> List.of(ResponseFormat.DELTA);
    };
  }

  /**
   * Asks for files of the snapshot: one request (or as many as it has pages).
   *
   * @param wanted what files may be left out by
   * @param pinned an answer for the same query, whose version this one has to have; or null
   */
  Snapshot query(ScanHints wanted, Snapshot pinned) {
    // SQL hints lead the reference server to a reader that knows no table features.
    boolean features = loaded.protocol().minReaderVersion() > 1;
    ScanHints hints = features ? wanted.withoutSql() : wanted;
    // What was answered for metadata is asked for: the same question gets the same dialect.
    QueryRequest request =
        QueryRequest.latest(formats(conf), TableFeatures.SUPPORTED)
            .at(asOf)
            .with(hints)
            .withFileIds(loaded.format());
    if (conf.get(SharingOptions.PAGINATION)) {
      request = request.inPagesOf(conf.get(SharingOptions.MAX_FILES_PER_QUERY_REQUEST));
    }
    QueryResult other = pinned == null ? null : pinned.result();
    if (other != null && asOf.isLatest() && other.refreshToken() != null) {
      request = request.refreshing(other.refreshToken());
    }
    Duration assumedLife = conf.get(SharingOptions.PRE_SIGNED_URL_EXPIRATION);
    long start = System.currentTimeMillis();
    QueryResult answer = client.query(name, request);
    if (hints.limitHint() != null
        && answer.files().stream().anyMatch(file -> file.deletionVector() != null)) {
      // Deletion vectors came to the table since: the server may have counted deleted rows.
      request = request.with(hints.withoutLimit());
      answer = client.query(name, request);
    }
    if (other != null && answer.table().version() != other.table().version()) {
      throw SharingErrors.movedOn(
          name.toString(), other.table().version(), answer.table().version());
    }
    SnapshotRefresh refresh = new SnapshotRefresh(client, name, request, answer);
    return new Snapshot(
        answer,
        new UrlLife(start, assumedLife, answer.urlExpiration()),
        new SnapshotUrls(refresh, assumedLife));
  }

  /** Refuses an answer that does not fit what the DataFrame was defined with. */
  void check(TableMetadata now) {
    if (!asOf.isLatest()) {
      checkSnapshot(now);
    }
    TableFeatures.check(name.toString(), now.protocol(), now.metadata());
    boolean same =
        SharedSchema.parse(name, now.metadata()).equals(schema)
            && now.metadata().partitionColumns().equals(partitionColumns());
    if (!same) {
      throw SharingErrors.schemaChanged(name.toString());
    }
  }

  /** A stream of this table, whose files are read by {@code scan}. */
  SharingMicroBatchStream stream(StreamScan scan) {
    return Streams.open(client, name, conf, loaded, scan);
  }

  /** What is read, by whom and in which way: equal for reads that get the same answer. */
  Object identity() {
    return new Versioned(read, asOf);
  }

  /** What is read, by whom: reads of one query for which it is equal see one version. */
  Object versionIdentity() {
    return new Versioned(read.ofTable(), asOf);
  }

  private record Versioned(Object read, AsOf asOf) {}

  ReadIdentity read() {
    return read;
  }

  /** A time-travelled DataFrame is of one version of one table, whenever it is read. */
  private void checkSnapshot(TableMetadata now) {
    if (!now.metadata().id().equals(tableId())) {
      throw SharingErrors.tableReplaced(name.toString());
    }
    if (now.version() < 0) {
      LOG.warn(
          "{}: the server does not say which version it answers with; that it is the one asked for{} is taken on"
              + " trust",
          name,
          asOf.suffix());
    } else if (loaded.version() >= 0 && now.version() != loaded.version()) {
      throw SharingErrors.otherVersion("reading " + name, loaded.version(), now.version());
    }
  }

  /** The version that is read, a timestamp resolved where the server said to what. */
  AsOf asOf() {
    return asOf;
  }

  /** The id of the table, which another one under the same name does not have. */
  String tableId() {
    return loaded.metadata().id();
  }

  SharingReadConf conf() {
    return conf;
  }

  List<String> partitionColumns() {
    return loaded.metadata().partitionColumns();
  }

  @Override
  public String name() {
    return name.toString();
  }

  @Override
  @SuppressWarnings("deprecation") // Spark's own callers still use it.
  public StructType schema() {
    return schema.logical();
  }

  /** Whether rows of a file may be deleted without the file being written again. */
  boolean mayHaveDeletionVectors() {
    return loaded.protocol().readerFeatures().contains("deletionVectors");
  }

  /** The columns as filters see them. */
  ScanColumns scanColumns(String timeZone) {
    return new ScanColumns(schema.logical(), loaded.metadata(), schema.isMapped(), timeZone);
  }

  SharedSchema sharedSchema() {
    return schema;
  }

  @Override
  public MetadataColumn[] metadataColumns() {
    return isFileMetadata(FileMetadata.COLUMN)
        ? new MetadataColumn[] {new FileMetadataColumn()}
        : new MetadataColumn[0];
  }

  /**
   * Whether a column of this name is the hidden one; a table may have one of its own by that name.
   */
  boolean isFileMetadata(String column) {
    return column.equals(FileMetadata.COLUMN)
        && Arrays.stream(schema.logical().fieldNames()).noneMatch(column::equalsIgnoreCase);
  }

  @Override
  public Transform[] partitioning() {
    return partitionColumns().stream()
        .map(column -> Expressions.identity(ScanColumns.quoted(column)))
        .toArray(Transform[]::new);
  }

  @Override
  public Map<String, String> properties() {
    Map<String, String> properties = new HashMap<>(loaded.metadata().configuration());
    properties.put("provider", DeltaSharingProvider.NAME.toLowerCase(Locale.ROOT));
    return properties;
  }

  @Override
  public ScanBuilder newScanBuilder(CaseInsensitiveStringMap options) {
    return new SharingScanBuilder(this);
  }

  @Override
  public String toString() {
    return "SharingTable[" + name + "]";
  }
}
