/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.protocol;

/**
 * The body of a response with an error status.
 *
 * @param errorCode a word for programs; empty where the server does not say
 * @param message a text for people; empty where the server does not say
 */
public record ErrorResponse(String errorCode, String message) {}
