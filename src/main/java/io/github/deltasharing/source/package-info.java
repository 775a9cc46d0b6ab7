/**
 * What reading a table needs of it, whatever its format and store, in records of this project. A
 * table format plugs in as a {@code TableSource}, as {@code source.delta} does. A store plugs in as
 * a {@code TableStorage}. Neither the server nor the client is known here.
 */
package io.github.deltasharing.source;
