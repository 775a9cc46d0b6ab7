/**
 * The Delta Sharing wire, the same for client and server: records for what travels, the
 * capabilities header in both directions, and the rule which response format a table is sent in.
 * Names are those of the protocol's text.
 *
 * <p>The records know nothing of JSON: {@code codec} reads and writes them, in both response
 * formats. {@code predicate} has the filters that a query may carry, {@code compact} how a long
 * file list is kept small in memory.
 *
 * <p>May import {@code protocol.compact} and the JDK.
 */
package io.github.deltasharing.protocol;
