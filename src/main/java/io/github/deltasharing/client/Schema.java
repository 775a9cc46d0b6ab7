package io.github.deltasharing.client;

/** A schema of a share. */
public record Schema(String name, String share) {}
