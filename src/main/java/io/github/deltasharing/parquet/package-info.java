/**
 * The only home of Spark's internal Parquet classes: opens record readers over the {@code storage}
 * floor and works out which bytes of a file a split needs. Runs on executors.
 */
package io.github.deltasharing.parquet;
