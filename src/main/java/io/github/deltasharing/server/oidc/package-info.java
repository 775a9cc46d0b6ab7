/**
 * Tokens of other identity providers (OpenID Connect): who they are for, and whether it is true.
 * The only home of the library for JSON Web Tokens.
 */
package io.github.deltasharing.server.oidc;
