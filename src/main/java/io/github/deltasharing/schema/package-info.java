/**
 * Tables' schemas as Spark's types, parsed from the JSON text that a server sends. The only place
 * that makes Spark types from such text.
 */
package io.github.deltasharing.schema;
