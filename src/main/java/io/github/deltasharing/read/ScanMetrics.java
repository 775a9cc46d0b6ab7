package io.github.deltasharing.read;

import org.apache.spark.sql.connector.metric.CustomMetric;
import org.apache.spark.sql.connector.metric.CustomSumMetric;

/**
 * The metrics of a scan on the Spark UI's SQL tab. Spark makes them by name: public classes,
 * no-argument constructors.
 */
public final class ScanMetrics {
  public static final String FILES_READ = "filesRead";
  public static final String BYTES_FETCHED = "bytesFetched";
  public static final String ROWS_DELETED = "rowsDeleted";
  public static final String REQUESTS = "storeRequests";
  public static final String RETRIES = "storeRetries";

  private ScanMetrics() {}

  /** All of them. */
  public static CustomMetric[] all() {
    return new CustomMetric[] {
      new FilesRead(), new BytesFetched(), new Requests(), new Retries(), new RowsDeleted()
    };
  }

  /** File slices opened; a file that several tasks share counts once for each. */
  public static final class FilesRead extends CustomSumMetric {
    @Override
    public String name() {
      return FILES_READ;
    }

    @Override
    public String description() {
      return "number of file slices read";
    }
  }

  /** Body bytes received from the store. */
  public static final class BytesFetched extends CustomSumMetric {
    @Override
    public String name() {
      return BYTES_FETCHED;
    }

    @Override
    public String description() {
      return "bytes fetched from the store";
    }
  }

  /** Requests to the store. */
  public static final class Requests extends CustomSumMetric {
    @Override
    public String name() {
      return REQUESTS;
    }

    @Override
    public String description() {
      return "requests to the store";
    }
  }

  /** Rows that deletion vectors took out. */
  public static final class RowsDeleted extends CustomSumMetric {
    @Override
    public String name() {
      return ROWS_DELETED;
    }

    @Override
    public String description() {
      return "rows removed by deletion vectors";
    }
  }

  /** Requests sent again. */
  public static final class Retries extends CustomSumMetric {
    @Override
    public String name() {
      return RETRIES;
    }

    @Override
    public String description() {
      return "requests to the store sent again";
    }
  }
}
