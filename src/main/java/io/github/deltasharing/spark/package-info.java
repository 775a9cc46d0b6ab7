/**
 * The driver side of the data source: provider, table, scan builder, scan, batch and split planner.
 */
package io.github.deltasharing.spark;
