/**
 * The Delta Sharing wire: records for what travels and the codecs that read and write them, both
 * dialects ({@code parquet} and {@code delta}) into one model. Names are those of the protocol
 * text.
 *
 * <p>May import {@code error}, Jackson and the JDK.
 */
package io.github.deltasharing.protocol;
