/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.protocol;

/**
 * The response to a request for a table's temporary credential (PROTOCOL.md, "Generate Temporary
 * Table Credential"). Immutable; its text shows no secret.
 *
 * @param location the directory that it is for; null where the server does not say, as OpenSharing
 *     does not
 * @param credential what the directory is read with
 * @param expirationTime when it expires by the server's clock, epoch milliseconds; null where the
 *     server does not say
 */
public record TemporaryCredential(
    String location, StoreCredential credential, Long expirationTime) {}
