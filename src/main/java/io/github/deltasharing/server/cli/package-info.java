/**
 * The command line of the server's jar: starting a server, and the admin commands, which work by
 * HTTP on a server that runs, or on its store.
 */
package io.github.deltasharing.server.cli;
