/**
 * The embedded sharing server: the provider's side. What is here puts the rooms below together;
 * none of them knows this package, and there is no cycle between them.
 *
 * <p>May import {@code error}, {@code protocol} and {@code table} only: client and server meet on
 * the wire.
 */
package io.github.deltasharing.server;
