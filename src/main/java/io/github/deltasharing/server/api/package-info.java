/** The endpoints of the sharing protocol: routes, requests, responses. */
package io.github.deltasharing.server.api;
