/**
 * Annotations that mark what is API, for readers and for the API check; any package may use them.
 */
package io.github.deltasharing.annotation;
