/**
 * The stores of tables and the URLs of their files: another store plugs in as a {@code
 * TableStorage}.
 */
package io.github.deltasharing.server.storage;
