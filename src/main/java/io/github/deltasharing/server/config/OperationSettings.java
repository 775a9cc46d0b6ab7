/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.config;

/**
 * The settings of how a server is run: key, type, default, range and meaning of each, declared here
 * alone. Immutable; made by {@link ShareConfigBuilder}.
 */
public record OperationSettings(
    @Setting(
            defaultValue = "5",
            min = 0,
            doc = "how often `share.yaml` is looked at for changes, in seconds; 0: never")
        int configPollSeconds,
    @Setting(
            defaultValue = "0",
            min = 0,
            doc =
                "how long a server that is to stop goes on to serve while `/health/ready` says that it stops, so that load balancers send it nothing more")
        int stopDelaySeconds) {}
