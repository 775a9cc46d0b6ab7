/**
 * The exceptions of this project, and the factories that are the one place where their messages are
 * written: one class for each subject.
 *
 * <p>Imports nothing but the JDK.
 */
package io.github.deltasharing.error;
