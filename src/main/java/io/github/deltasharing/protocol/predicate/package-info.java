/**
 * The filters of a query, which are hints to the server: the protocol's JSON predicates, and its
 * SQL expressions parsed into the same tree.
 *
 * <p>May import Jackson and the JDK.
 */
package io.github.deltasharing.protocol.predicate;
