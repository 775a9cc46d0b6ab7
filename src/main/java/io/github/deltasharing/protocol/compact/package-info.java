/**
 * How the long texts of a file list (signed URLs, statistics) are kept small in memory and in what
 * Spark serialises: each text as the bytes by which it differs from another text of the same list.
 *
 * <p>A {@code PackedText} is a base and a difference, both bytes of UTF-8 text. Without a
 * difference the base is the text. A difference is
 *
 * <pre>
 * difference := number(bytes of the text) (copy literal)* [copy]
 * copy       := number(n)                   the next n bytes of the base are those of the text
 * literal    := number(4 * n + flags) [number(m)] bytes
 *                                           n bytes of the text in place of m bytes of the base
 * flags      := 2 if the bytes are lower-case hexadecimal digits, two in a byte, high digit first
 *             + 1 if m equals n and is left out
 * number     := seven bits in a byte, low bits first, the high bit set in all bytes but the last
 * </pre>
 *
 * <p>Whoever reads it takes copies and literals by turns, beginning with a copy, until the
 * difference ends. With an odd number of digits the last byte has its low half unused. The format
 * lives in memory and between a driver and its executors only: it is not stored, and both sides run
 * the same version.
 *
 * <p>Imports the JDK only.
 */
package io.github.deltasharing.protocol.compact;
