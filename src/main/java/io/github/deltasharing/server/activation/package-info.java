/** Activation, where a recipient gets its profile by a link that opens once. */
package io.github.deltasharing.server.activation;
