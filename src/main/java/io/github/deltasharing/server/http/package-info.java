/**
 * Jetty, without a word of the protocol: the life of a request from its headers to its access
 * record, errors as JSON, limits on slow clients, admission, TLS.
 */
package io.github.deltasharing.server.http;
