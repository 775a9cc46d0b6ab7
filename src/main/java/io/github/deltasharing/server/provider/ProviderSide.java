/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.provider;

import io.github.deltasharing.server.activation.ActivationHandler;
import io.github.deltasharing.server.admin.AdminAuthenticator;
import io.github.deltasharing.server.admin.AdminBootstrap;
import io.github.deltasharing.server.admin.AdminEndpoints;
import io.github.deltasharing.server.admin.AdminHandler;
import io.github.deltasharing.server.admin.ApiDocsHandler;
import io.github.deltasharing.server.admin.LocalAdmin;
import io.github.deltasharing.server.auth.Authenticator;
import io.github.deltasharing.server.auth.BearerAuthenticator;
import io.github.deltasharing.server.auth.BearerHeader;
import io.github.deltasharing.server.auth.Principal;
import io.github.deltasharing.server.auth.Signer;
import io.github.deltasharing.server.config.CatalogConfig;
import io.github.deltasharing.server.config.ConfigException;
import io.github.deltasharing.server.config.ProviderConfig;
import io.github.deltasharing.server.config.ServerLimits;
import io.github.deltasharing.server.config.ServerSettings;
import io.github.deltasharing.server.config.ShareConfig;
import io.github.deltasharing.server.http.PathRouter;
import io.github.deltasharing.server.iceberg.rest.IcebergHandler;
import io.github.deltasharing.server.oidc.OidcVerifier;
import io.github.deltasharing.server.publish.Publications;
import io.github.deltasharing.server.publish.PublishedLocations;
import io.github.deltasharing.server.publish.PublishedTables;
import io.github.deltasharing.server.publish.TableRoots;
import io.github.deltasharing.server.publish.delta.DataFileWriter;
import io.github.deltasharing.server.ratelimit.RateLimits;
import io.github.deltasharing.server.recipient.ClientAddress;
import io.github.deltasharing.server.recipient.GrantedShares;
import io.github.deltasharing.server.recipient.ObjectTables;
import io.github.deltasharing.server.recipient.OidcRecipients;
import io.github.deltasharing.server.recipient.RecipientAuthenticator;
import io.github.deltasharing.server.recipient.RecipientNames;
import io.github.deltasharing.server.recipient.RecipientTokens;
import io.github.deltasharing.server.recipient.StoredKeys;
import io.github.deltasharing.server.reload.ConfigReloader;
import io.github.deltasharing.server.reload.ReloadablePart;
import io.github.deltasharing.server.share.ConfiguredShares;
import io.github.deltasharing.server.share.ShareViews;
import io.github.deltasharing.server.share.SharedShare;
import io.github.deltasharing.server.share.SharedTable;
import io.github.deltasharing.server.share.TableSources;
import io.github.deltasharing.server.storage.AllowedLocations;
import io.github.deltasharing.server.storage.LocalDirectories;
import io.github.deltasharing.server.storage.Stores;
import io.github.deltasharing.server.store.DataDirectory;
import io.github.deltasharing.server.store.Database;
import io.github.deltasharing.server.store.DatabaseHealth;
import io.github.deltasharing.server.store.ShareStore;
import io.github.deltasharing.server.ui.PageHandler;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;

/**
 * The parts of a server with a store of shares, recipients and grants. Safe for use by several
 * threads; the server closes it.
 */
public final class ProviderSide implements ReloadablePart, AutoCloseable {
  /** Page tokens of lists. */
  private static final Duration LISTS = Duration.ofDays(1);

  private final ShareConfig config;
  private final ProviderConfig provider;
  private final Database database;
  private final AllowedLocations allowed;
  private final List<URI> published;
  private final ConfiguredShares configured;
  private final BearerAuthenticator bearer;
  private final ClientAddress addresses;
  private final AdminAuthenticator principals;
  private final DatabaseHealth health;
  private final Signer signer;
  private final OidcVerifier oidc;
  private final Clock clock;
  private Optional<Publications> publications = Optional.empty();

  private ProviderSide(
      ShareConfig config,
      ProviderConfig provider,
      Database database,
      ClientAddress addresses,
      Clock clock) {
    this.config = config;
    this.provider = provider;
    this.database = database;
    this.clock = clock;
    this.addresses = addresses;
    this.bearer = new BearerAuthenticator(config.bearerToken());
    this.principals = new AdminAuthenticator(database, clock);
    this.health = new DatabaseHealth(database, clock);
    this.published = PublishedLocations.of(database, provider.publicationRoot());
    this.allowed = new AllowedLocations(locations(provider.allowedLocations()));
    this.oidc = new OidcVerifier(provider.oidcIssuers(), clock);
    this.configured = new ConfiguredShares(config.shares());
    this.signer =
        new StoredKeys(
            database,
            config.signingKey(),
            new StoredKeys.Lifetime(
                Duration.ofDays(config.providerSettings().signingKeyDays()),
                overlap(config.settings())),
            clock);
  }

  /**
   * Opens the store, and makes its first admin.
   *
   * @param addresses knows where clients are
   * @throws ConfigException when the store cannot be used
   */
  public static ProviderSide open(
      ShareConfig config, ProviderConfig provider, ClientAddress addresses, Clock clock) {
    provider.data().ifPresent(DataDirectory::prepare);
    provider.stagingRoot().ifPresent(DataDirectory::prepare);
    Database database = Database.open(provider.database());
    try {
      provider.data().ifPresent(DataDirectory::protect);
      AdminBootstrap.run(database, provider.data(), clock);
      checkNames(config, database);
      return new ProviderSide(config, provider, database, addresses, clock);
    } catch (RuntimeException e) {
      database.close();
      throw e;
    }
  }

  /** As above, where clients are as the configuration says it. */
  public static ProviderSide open(ShareConfig config, ProviderConfig provider, Clock clock) {
    return open(config, provider, new ClientAddress(config.trustedProxies()), clock);
  }

  /** Where tables may be shared that the admin API names. */
  private List<URI> locations(List<URI> allowed) {
    List<URI> locations = new ArrayList<>(allowed);
    // The root for publications stays that of the start.
    locations.addAll(published);
    return locations;
  }

  private static void checkNames(ShareConfig config, Database database) {
    ShareStore shares = new ShareStore();
    database.read(
        session -> {
          for (SharedShare share : config.shares()) {
            if (shares.find(session, share.name()).isPresent()) {
              throw new ConfigException(
                  "Share '"
                      + share.name()
                      + "' is in the configuration and in the store: rename it in the"
                      + " configuration");
            }
          }
          return null;
        });
  }

  /** How long anything is valid that a key signs. */
  private static Duration overlap(ServerSettings settings) {
    long longest =
        LongStream.of(
                settings.queryTablePageTokenTtlMs(),
                settings.refreshTokenTtlMs(),
                LISTS.toMillis(),
                Duration.ofSeconds(settings.preSignedUrlTimeoutSeconds()).toMillis())
            .max()
            .orElseThrow();
    return Duration.ofMillis(longest).plus(Duration.ofHours(1));
  }

  /** Signs URLs of files and tokens. */
  public Signer signer() {
    return signer;
  }

  /** Knows recipients by their tokens. */
  public Authenticator authenticator() {
    return new RecipientAuthenticator(
        database,
        new OidcRecipients(database, oidc),
        bearer,
        config.anonymousAllowed(),
        addresses,
        clock);
  }

  /** Where all is kept. */
  public Database database() {
    return database;
  }

  /** The names of recipients by the ids of their principals; empty for what is none. */
  public Function<String, String> recipientNames() {
    RecipientNames names = new RecipientNames(database);
    return id -> names.find(new Principal(id)).orElse("");
  }

  /** What is granted to whom. */
  public ShareViews shares() {
    return new GrantedShares(
        database, configured, this::seesConfiguration, new LocalDirectories(), allowed);
  }

  private boolean seesConfiguration(Principal principal) {
    return bearer.isOpen()
        ? config.anonymousAllowed() && principal.equals(Principal.ANONYMOUS)
        : bearer.holder().filter(principal::equals).isPresent();
  }

  /** Refuses who is no principal of the admin API. */
  public void requirePrincipal(Request request) {
    principals.authenticate(BearerHeader.require(request));
  }

  /** Whether the database is there, or was a moment ago. */
  public boolean isDatabaseUp() {
    return health.isUp();
  }

  /** Has the pool of connections measured. */
  public void measure(MeterRegistry registry) {
    database.measure(registry);
  }

  @Override
  public Runnable prepare(ShareConfig next) {
    checkNames(next, database);
    ProviderConfig changed = next.provider().orElse(provider);
    List<URI> locations = locations(changed.allowedLocations());
    return () -> {
      bearer.replace(next.bearerToken());
      allowed.replace(locations);
      oidc.replace(changed.oidcIssuers());
      configured.replace(next.shares());
    };
  }

  /**
   * The admin API, activation and the page.
   *
   * @param others takes all other requests
   * @param sources reads tables
   * @param stores of the tables
   * @param rates limits those who fail to sign in
   * @param reloader reads the configuration again
   */
  public Handler handler(
      Handler others,
      ServerLimits limits,
      TableSources sources,
      Stores stores,
      RateLimits rates,
      ConfigReloader reloader) {
    RecipientTokens tokens = tokens();
    PageHandler page =
        new PageHandler(database, principals, addresses, provider.externalUrl(), limits, clock);
    AdminHandler admin =
        new AdminHandler(
            page.signIn(),
            endpoints(tokens, sources, stores, reloader),
            provider.externalUrl(),
            limits,
            rates,
            clock);
    return new PathRouter(
        others,
        Map.of(
            AdminHandler.PATH,
            admin,
            ApiDocsHandler.JSON_PATH,
            new ApiDocsHandler(limits, false),
            ApiDocsHandler.YAML_PATH,
            new ApiDocsHandler(limits, true),
            ActivationHandler.PATH,
            new ActivationHandler(
                tokens,
                shares(),
                provider.externalUrl(),
                endpoints(),
                this::isForIcebergClients,
                limits,
                rates),
            PageHandler.PATH,
            page));
  }

  /** The paths of the protocols by their fields in a recipient's profile. */
  private Map<String, String> endpoints() {
    String own = config.endpoint();
    return config.settings().icebergCatalog()
        ? Map.of("endpoint", own, "icebergEndpoint", IcebergHandler.PATH)
        : Map.of("endpoint", own);
  }

  private boolean isForIcebergClients(SharedTable table) {
    return config.settings().icebergCatalog()
        && CatalogConfig.isForIcebergClients(table, config.catalogs());
  }

  private RecipientTokens tokens() {
    return new RecipientTokens(
        database,
        Duration.ofSeconds(config.providerSettings().activationLinkLifetimeSeconds()),
        clock);
  }

  private AdminEndpoints endpoints(
      RecipientTokens tokens, TableSources sources, Stores stores, ConfigReloader reloader) {
    return new AdminEndpoints(
        database,
        configured,
        new ObjectTables(new LocalDirectories(), allowed),
        sources,
        tokens,
        oidc,
        config.providerSettings(),
        publications(sources, stores),
        reloader);
  }

  /**
   * The admin API in this process.
   *
   * @param by who uses it
   * @param origin what recipients reach the server by
   */
  public LocalAdmin local(String by, String origin, TableSources sources, Stores stores) {
    ConfigReloader none = new ConfigReloader(Optional.empty(), config, List.of(), clock);
    return new LocalAdmin(database, endpoints(tokens(), sources, stores, none), by, origin, clock);
  }

  /** Gives a principal a new token, and the role of an admin. */
  public void resetToken(String name, Path file, String by) {
    AdminBootstrap.reset(database, name, file, by, clock);
  }

  private Optional<Publications> publications(TableSources sources, Stores stores) {
    publications =
        provider
            .publicationRoot()
            .map(
                root ->
                    new Publications(
                        database,
                        configured,
                        new PublishedTables(
                            new TableRoots(root, provider.stagingRoot().orElseThrow(), stores),
                            config.providerSettings().publicationReserveBytes(),
                            new DataFileWriter(DataFileWriter.localDisks()),
                            sources),
                        config.providerSettings().publicationUploadBytes(),
                        Optional.of(config.providerSettings().publicationRetentionDays())
                            .filter(days -> days > 0)
                            .map(Duration::ofDays),
                        clock));
    return publications;
  }

  @Override
  public void close() {
    publications.ifPresent(Publications::close);
    database.close();
  }
}
