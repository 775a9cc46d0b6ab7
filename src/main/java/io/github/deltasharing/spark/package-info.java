/**
 * The driver side of the data source. A {@code LoadedTable} is opened in one place; tables make
 * scan builders, these scans, these batches and streams, and nobody asks back: no circle between
 * classes.
 */
package io.github.deltasharing.spark;
