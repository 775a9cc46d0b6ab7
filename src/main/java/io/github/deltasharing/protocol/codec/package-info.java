/**
 * Reads and writes the wire's records as JSON, in both response formats ({@code parquet} and {@code
 * delta}) into and from one model. Each field's name is defined once, in {@code FieldNames}.
 *
 * <p>May import {@code protocol}, Jackson and the JDK.
 */
package io.github.deltasharing.protocol.codec;
