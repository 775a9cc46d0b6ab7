/**
 * What the server adds to Jetty, free of endpoints: the context and the access record of a request,
 * errors as JSON, limits on slow clients, admission, TLS.
 */
package io.github.deltasharing.server.http;
