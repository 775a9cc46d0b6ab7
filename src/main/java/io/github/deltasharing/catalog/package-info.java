/**
 * A share as a catalog of Spark: {@link io.github.deltasharing.catalog.SharingCatalog}, the
 * identifiers of its tables, and its options. Driver only.
 */
package io.github.deltasharing.catalog;
