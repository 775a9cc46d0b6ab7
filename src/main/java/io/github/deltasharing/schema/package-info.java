/**
 * Tables' schemas as Spark's types, read from text that a server sends: the only place that makes
 * types of it.
 */
package io.github.deltasharing.schema;
