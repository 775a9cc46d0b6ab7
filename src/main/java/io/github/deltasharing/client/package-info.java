/**
 * The REST client of a sharing server: profiles, authentication, retries, requests. Runs on the
 * driver (or in any Java program): it keeps credentials, and nothing of it is ever serialised.
 * Programs plug in a {@code ProfileSource}; types of credentials plug in {@code client.auth}.
 *
 * <p>May import {@code error}, {@code options}, {@code protocol}, {@code http}, Jackson, SLF4J and
 * the JDK.
 */
package io.github.deltasharing.client;
