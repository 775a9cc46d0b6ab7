/**
 * What reading a table needs of it, whatever its format and store, in records of this project. A
 * table format plugs in as a {@code TableSource}; {@code source.delta} is the only one today. A
 * store plugs in as a {@code TableStorage}. Neither the server nor the client is known here.
 */
package io.github.deltasharing.source;
