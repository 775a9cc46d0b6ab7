/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.config;

import java.nio.file.Path;
import java.util.function.Supplier;

/**
 * Where a server's configuration comes from, and comes from again while it runs. Immutable.
 *
 * @param file what is watched
 * @param read makes the configuration of what the file has now; throws {@link ConfigException}
 */
public record ConfigSource(Path file, Supplier<ShareConfig> read) {}
