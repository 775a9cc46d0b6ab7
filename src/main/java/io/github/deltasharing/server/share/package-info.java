/**
 * What is shared, and what of it a principal sees: shares, schemas and tables by name. Knows no
 * table format and no store. Grants plug in as {@code ShareViews}.
 */
package io.github.deltasharing.server.share;
