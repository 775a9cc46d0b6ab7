/**
 * Delta's own rules without Spark: partition values, file statistics, the evaluation of predicates
 * on them, table features.
 *
 * <p>May import {@code error}, {@code protocol}, {@code client}, Jackson and the JDK.
 */
package io.github.deltasharing.table;
