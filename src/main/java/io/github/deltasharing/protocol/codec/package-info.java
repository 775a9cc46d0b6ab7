/**
 * Reads and writes the wire's records as JSON, in both response formats ({@code parquet} and {@code
 * delta}) into and from one model. Each field's name is defined once, in {@code FieldNames}. A new
 * response format plugs in as an {@code ActionEncoder}.
 *
 * <p>May import {@code protocol}, Jackson and the JDK.
 */
package io.github.deltasharing.protocol.codec;
