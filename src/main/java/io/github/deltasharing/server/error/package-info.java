/**
 * The errors that refuse or end requests. Lowest package of the server: imports no other package of
 * it.
 */
package io.github.deltasharing.server.error;
