/**
 * Every option's name, type, default and text, and the only code that reads them. A new option is a
 * constant of {@code SharingOptions}.
 *
 * <p>May import {@code error} and the JDK.
 */
package io.github.deltasharing.options;
