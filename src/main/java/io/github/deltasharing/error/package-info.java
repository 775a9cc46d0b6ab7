/**
 * Ground floor: the exceptions of this project and the one place where their messages are written.
 *
 * <p>Imports nothing but the JDK.
 */
package io.github.deltasharing.error;
