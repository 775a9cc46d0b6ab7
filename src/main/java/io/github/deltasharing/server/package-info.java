/**
 * The embedded sharing server: the provider's side, over Delta Kernel.
 *
 * <p>May import {@code error}, {@code protocol} and {@code table} only: client and server meet on
 * the wire.
 */
package io.github.deltasharing.server;
