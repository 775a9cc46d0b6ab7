/**
 * The provider's page: its files, and the sessions of principals that signed in to it. What it
 * shows and does goes through the admin API.
 */
package io.github.deltasharing.server.ui;
