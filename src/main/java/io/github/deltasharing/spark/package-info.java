/**
 * The driver side of the data source. A {@code LoadedTable} is opened in one place; tables make
 * scan builders, these make scans, these make batches and streams, without circles between the
 * classes. What every Spark table needs plugs in here; the work behind it is in the packages below.
 */
package io.github.deltasharing.spark;
