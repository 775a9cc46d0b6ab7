/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.read;

import java.util.Arrays;
import java.util.Locale;
import org.apache.spark.sql.connector.metric.CustomMetric;
import org.apache.spark.sql.connector.metric.CustomSumMetric;

/**
 * The metrics of a scan on the Spark UI's SQL tab. Spark makes them by name: public classes,
 * no-argument constructors.
 */
public final class ScanMetrics {
  public static final String FILES_READ = "filesRead";
  public static final String BYTES_FETCHED = "bytesFetched";
  public static final String BYTES_FROM_CACHE = "bytesFromCache";
  public static final String BYTES_NEEDED = "bytesNeeded";
  public static final String BYTES_WASTED = "bytesWasted";
  public static final String WAIT_TIME = "waitTime";
  public static final String ROW_GROUPS_SKIPPED = "rowGroupsSkipped";
  public static final String ROWS_DELETED = "rowsDeleted";
  public static final String REQUESTS = "storeRequests";
  public static final String CONNECTIONS = "storeConnections";
  public static final String RETRIES = "storeRetries";
  public static final String URL_REFRESHES = "urlRefreshes";

  private ScanMetrics() {}

  /** All of them. */
  public static CustomMetric[] all() {
    return new CustomMetric[] {
      new FilesRead(),
      new BytesFetched(),
      new BytesFromCache(),
      new BytesNeeded(),
      new BytesWasted(),
      new WaitTime(),
      new RowGroupsSkipped(),
      new Requests(),
      new Connections(),
      new Retries(),
      new UrlRefreshes(),
      new RowsDeleted()
    };
  }

  /** File splits opened; a file that several tasks share counts once for each. */
  public static final class FilesRead extends CustomSumMetric {
    @Override
    public String name() {
      return FILES_READ;
    }

    @Override
    public String description() {
      return "number of file splits read";
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

  /** Bytes that an executor had fetched before and kept. */
  public static final class BytesFromCache extends CustomSumMetric {
    @Override
    public String name() {
      return BYTES_FROM_CACHE;
    }

    @Override
    public String description() {
      return "bytes from the executors' caches";
    }
  }

  /** Bytes of footers, indexes, column chunks and pages without which the rows cannot be had. */
  public static final class BytesNeeded extends CustomSumMetric {
    @Override
    public String name() {
      return BYTES_NEEDED;
    }

    @Override
    public String description() {
      return "bytes needed of the store";
    }
  }

  /** Bytes fetched besides: what lies between ranges, and what of a tail is not read. */
  public static final class BytesWasted extends CustomSumMetric {
    @Override
    public String name() {
      return BYTES_WASTED;
    }

    @Override
    public String description() {
      return "bytes fetched and not needed";
    }
  }

  /** Row groups that statistics or column indexes ruled out. */
  public static final class RowGroupsSkipped extends CustomSumMetric {
    @Override
    public String name() {
      return ROW_GROUPS_SKIPPED;
    }

    @Override
    public String description() {
      return "row groups skipped";
    }
  }

  /** How long tasks waited for the store's bytes. */
  public static final class WaitTime implements CustomMetric {
    @Override
    public String name() {
      return WAIT_TIME;
    }

    @Override
    public String description() {
      return "time waiting for the store";
    }

    /** As Spark shows times: the sum, and how it spreads over tasks. */
    @Override
    public String aggregateTaskMetrics(long[] millis) {
      if (millis.length == 0) {
        return "0 ms";
      }
      long[] sorted = millis.clone();
      Arrays.sort(sorted);
      return "total (min, med, max)\n%s (%s, %s, %s)"
          .formatted(
              text(Arrays.stream(sorted).sum()),
              text(sorted[0]),
              text(sorted[sorted.length / 2]),
              text(sorted[sorted.length - 1]));
    }

    private static String text(long millis) {
      if (millis < 1_000) {
        return millis + " ms";
      }
      return millis < 60_000
          ? String.format(Locale.ROOT, "%.1f s", millis / 1e3)
          : String.format(Locale.ROOT, "%.1f m", millis / 6e4);
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

  /** Connections opened to the store; most requests should go over kept ones. */
  public static final class Connections extends CustomSumMetric {
    @Override
    public String name() {
      return CONNECTIONS;
    }

    @Override
    public String description() {
      return "connections opened to the store";
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

  /** How often tasks sent the driver a request to refresh a URL. */
  public static final class UrlRefreshes extends CustomSumMetric {
    @Override
    public String name() {
      return URL_REFRESHES;
    }

    @Override
    public String description() {
      return "URLs renewed by the driver";
    }
  }
}
