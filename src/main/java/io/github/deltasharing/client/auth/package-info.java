/**
 * How a recipient signs in to a sharing server: {@link
 * io.github.deltasharing.client.auth.Credential credentials} of profiles, and {@link
 * io.github.deltasharing.client.auth.AuthSession sessions} that sign requests in with them. A new
 * kind of profile is a class of each. Driver only: all of it is secret, and nothing is serialised.
 *
 * <p>May import {@code error}, {@code options}, {@code protocol}, {@code http}, Jackson, SLF4J and
 * the JDK; not {@code client}, which imports it.
 */
package io.github.deltasharing.client.auth;
