/** The configuration: {@code share.yaml}, the builder for programs, settings and limits. */
package io.github.deltasharing.server.config;
