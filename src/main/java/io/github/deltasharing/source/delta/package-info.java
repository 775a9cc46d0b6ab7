/** Delta tables, read with Delta Kernel. The only package that imports Kernel. */
package io.github.deltasharing.source.delta;
