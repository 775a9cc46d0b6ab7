/**
 * What requests are refused and broken off with. The ground floor of the server: imports no other
 * package of it.
 */
package io.github.deltasharing.server.error;
