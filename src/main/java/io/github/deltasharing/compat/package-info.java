/**
 * What only some Spark lines have. The rest of the connector asks here, and names no class that a
 * line lacks.
 */
package io.github.deltasharing.compat;
