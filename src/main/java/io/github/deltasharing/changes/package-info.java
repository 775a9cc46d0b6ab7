/**
 * What commits did with a table's rows: which parts of which files that is, and the change columns.
 * For change feeds in batch and as streams. Driver only; imports {@code read}, {@code listing} and
 * the floors below them.
 */
package io.github.deltasharing.changes;
