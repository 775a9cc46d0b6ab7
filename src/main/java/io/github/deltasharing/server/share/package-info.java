/**
 * What is shared, and what of it a principal sees: shares, schemas and tables by name. Knows no
 * table format and no store.
 */
package io.github.deltasharing.server.share;
