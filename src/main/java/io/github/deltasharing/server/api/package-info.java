/** The endpoints of the sharing protocol: routes, requests, answers. */
package io.github.deltasharing.server.api;
