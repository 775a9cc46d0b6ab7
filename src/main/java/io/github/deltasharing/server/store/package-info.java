/**
 * What a provider shares and with whom, in a database: an embedded H2 file or PostgreSQL. Plain SQL
 * that both read; tokens as SHA-256 only. Knows nothing of HTTP.
 */
package io.github.deltasharing.server.store;
