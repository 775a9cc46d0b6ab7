/**
 * What the endpoints need of a table, in records of this project: one interface for all table
 * formats.
 */
package io.github.deltasharing.server.table;
