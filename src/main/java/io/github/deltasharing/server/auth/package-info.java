/**
 * The sender of a request, and the key that signs URLs and tokens. Further ways to sign in plug in
 * as an {@code Authenticator}.
 */
package io.github.deltasharing.server.auth;
