/**
 * The REST client of a sharing server: profiles, authentication, retries, requests. Runs on the
 * driver (or in any Java program): it keeps credentials, and nothing of it is ever serialised.
 *
 * <p>May import {@code error}, {@code options}, {@code protocol}, {@code http}, Jackson, SLF4J and
 * the JDK.
 */
package io.github.deltasharing.client;
