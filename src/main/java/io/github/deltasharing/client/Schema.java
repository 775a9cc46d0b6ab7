package io.github.deltasharing.client;

import io.github.deltasharing.annotation.PublicApi;

/** A schema of a share. */
@PublicApi
public record Schema(String name, String share) {}
