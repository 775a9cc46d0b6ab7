package io.github.deltasharing.protocol;

/**
 * The body of a response with an error status.
 *
 * @param errorCode a word for programs; empty where the server does not say
 * @param message a text for people; empty where the server does not say
 */
public record ErrorResponse(String errorCode, String message) {}
