/** Who sends a request ({@code Authenticator}), and the key that signs what is handed out. */
package io.github.deltasharing.server.auth;
