/** Parsers of what others write, fed with damaged text. */
package io.github.deltasharing.fuzz;
