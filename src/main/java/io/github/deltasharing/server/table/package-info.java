/**
 * What the endpoints need of a table, in records of this project. A table format plugs in as a
 * {@code TableSource}, opened by a {@code TableSources}; {@code server.delta} is the only one
 * today.
 */
package io.github.deltasharing.server.table;
