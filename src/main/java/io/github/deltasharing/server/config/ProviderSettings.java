/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.config;

/**
 * The settings of a server with a store that have a default in {@code share.yaml}, as {@link
 * ServerSettings} are for every server. Immutable.
 */
public record ProviderSettings(
    @Setting(
            defaultValue = "7776000",
            min = 1,
            doc = "how long a recipient's token is valid, from its activation link on")
        long recipientTokenLifetimeSeconds,
    @Setting(
            defaultValue = "259200",
            min = 1,
            doc = "how long an activation link can be opened, once")
        long activationLinkLifetimeSeconds,
    @Setting(
            defaultValue = "86400",
            min = 0,
            doc = "how long a recipient's old token is taken after a rotation that does not say")
        long rotationGraceSeconds,
    @Setting(
            defaultValue = "30",
            min = 1,
            doc = "after how many days another key signs URLs of files and tokens")
        long signingKeyDays,
    @Setting(
            defaultValue = "4294967296",
            min = 1,
            doc = "the longest file that is published as a table, in bytes")
        long publicationUploadBytes,
    @Setting(
            defaultValue = "1073741824",
            min = 0,
            doc = "bytes of the disk with publicationRoot that publications leave free")
        long publicationReserveBytes,
    @Setting(
            defaultValue = "0",
            min = 0,
            doc = "after how many days replaced versions of publications are deleted; 0: never")
        int publicationRetentionDays,
    @Setting(
            defaultValue = "90",
            min = 1,
            doc = "after how many days events of the audit leave the store")
        int auditRetentionDays,
    @Setting(
            defaultValue = "1000000",
            min = 1,
            doc = "how many events of the audit stay in the store, the newest")
        long auditRetentionEvents) {}
