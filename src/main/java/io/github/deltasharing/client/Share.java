package io.github.deltasharing.client;

/**
 * A share.
 *
 * @param id empty where the server gives none
 */
public record Share(String name, String id) {}
