/** Marks for readers and checks; everybody may use them. */
package io.github.deltasharing.annotation;
