/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Recipients and their tokens. */
@Command(name = "recipient", description = "Recipients, their tokens and what they may read.")
final class RecipientCommand {
  private static final String RECIPIENTS = "recipients";

  private final AdminWork work;

  RecipientCommand(AdminWork work) {
    this.work = work;
  }

  @Command(
      name = "list",
      description = "Lists the recipients.",
      footer = {"", "Example: recipient list --data DIR"})
  int list(@Mixin AdminOptions options) {
    return work.run(
        options,
        (client, output) ->
            output.list(
                client.all(ApiRequest.get(RECIPIENTS)),
                "name",
                "auth_type",
                "ip_access_list",
                "owner",
                "comment"));
  }

  @Command(
      name = "show",
      description = "Shows a recipient and the history of its tokens, without any token.",
      footer = {"", "Example: recipient show acme --data DIR"})
  int show(@Mixin AdminOptions options, @Parameters(paramLabel = "RECIPIENT") String recipient) {
    return work.run(
        options,
        (client, output) -> output.show(client.send(ApiRequest.get(RECIPIENTS, recipient))));
  }

  @Command(
      name = "create",
      description = {
        "Makes a recipient. activation_url is shown this once: who opens it, once, has the"
            + " recipient's profile."
      },
      footer = {
        "",
        "Examples:",
        "  recipient create acme --allow-ip 203.0.113.0/24 --token-lifetime 30d --data DIR",
        "  recipient create job --oidc-issuer https://login.example.com --oidc-audience sharing"
            + " --oidc-subject job-7 --config share.yaml"
      })
  int create(
      @Mixin AdminOptions options,
      @Mixin RecipientOptions recipient,
      @Mixin LifetimeOption lifetime,
      @Parameters(paramLabel = "RECIPIENT") String name) {
    ObjectNode body = recipient.json().put("name", name);
    lifetime.into(body);
    return work.run(
        options, (client, output) -> output.show(client.send(ApiRequest.post(body, RECIPIENTS))));
  }

  @Command(
      name = "update",
      description = "Changes a recipient.",
      footer = {"", "Example: recipient update acme --allow-ip 203.0.113.7 --data DIR"})
  int update(
      @Mixin AdminOptions options,
      @Mixin RecipientOptions recipient,
      @Mixin VersionOption version,
      @Parameters(paramLabel = "RECIPIENT") String name) {
    ObjectNode body = DetailOptions.requireChange(recipient.json());
    return work.run(
        options,
        (client, output) ->
            output.show(
                client.send(
                    ApiRequest.patch(body, RECIPIENTS, name).ifVersion(version.version()))));
  }

  @Command(
      name = "delete",
      description = "Deletes a recipient, its tokens and what is granted to it.",
      footer = {"", "Example: recipient delete acme --yes --data DIR"})
  int delete(
      @Mixin AdminOptions options,
      @Mixin YesOption yes,
      @Mixin VersionOption version,
      @Parameters(paramLabel = "RECIPIENT") String name) {
    return work.delete(
        options,
        yes.yes(),
        "recipient " + name,
        ApiRequest.delete(RECIPIENTS, name).ifVersion(version.version()));
  }

  @Command(
      name = "rotate",
      description = {
        "Gives a recipient a new token. activation_url is shown this once; the old token is taken"
            + " for some time more."
      },
      footer = {"", "Example: recipient rotate acme --grace 0 --data DIR"})
  int rotate(
      @Mixin AdminOptions options,
      @Option(
              names = "--grace",
              paramLabel = "TIME",
              converter = Seconds.class,
              description = "how long the old token is taken, such as 24h; 0 ends it at once")
          Long grace,
      @Mixin LifetimeOption lifetime,
      @Parameters(paramLabel = "RECIPIENT") String name) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    if (grace != null) {
      body.put("existing_token_expire_in_seconds", grace);
    }
    lifetime.into(body);
    return work.run(
        options,
        (client, output) ->
            output.show(client.send(ApiRequest.post(body, RECIPIENTS, name, "rotate-token"))));
  }

  @Command(
      name = "permissions",
      description = "Lists what a recipient may read.",
      footer = {"", "Example: recipient permissions acme --data DIR"})
  int permissions(@Mixin AdminOptions options, @Parameters(paramLabel = "RECIPIENT") String name) {
    return work.run(
        options,
        (client, output) ->
            output.list(
                client.all(ApiRequest.get(RECIPIENTS, name, "share-permissions")),
                "share_name",
                "privilege",
                "granted_at",
                "granted_by"));
  }

  /** How long the next token is valid. Filled by picocli. */
  static final class LifetimeOption {
    @Option(
        names = "--token-lifetime",
        paramLabel = "TIME",
        converter = Seconds.class,
        description = "how long the token is valid, from its link on, such as 90d")
    private Long lifetime;

    void into(ObjectNode body) {
      if (lifetime != null) {
        body.put("token_expiration_seconds", lifetime);
      }
    }
  }

  /** What is said of a recipient. Filled by picocli. */
  static final class RecipientOptions {
    @Mixin private DetailOptions details;

    @Option(
        names = "--allow-ip",
        paramLabel = "NETWORK",
        description = "an address or network that it may come from; may be repeated; '' for any")
    private List<String> networks;

    @Option(
        names = "--oidc-issuer",
        paramLabel = "URL",
        description = "it signs in by tokens of this identity provider")
    private String issuer;

    @Option(
        names = "--oidc-audience",
        paramLabel = "TEXT",
        description = "for whom these tokens are; may be repeated")
    private List<String> audiences;

    @Option(names = "--oidc-subject", paramLabel = "TEXT", description = "whom they name")
    private String subject;

    @Option(
        names = "--oidc-subject-claim",
        paramLabel = "CLAIM",
        description = "in which claim. Default: sub")
    private String claim;

    ObjectNode json() {
      ObjectNode body = JsonNodeFactory.instance.objectNode();
      details.into(body);
      if (networks != null) {
        ArrayNode list = body.putArray("ip_access_list");
        networks.stream().filter(network -> !network.isEmpty()).forEach(list::add);
      }
      if (issuer != null || audiences != null || subject != null || claim != null) {
        ObjectNode policy = body.putObject("oidc_policy");
        DetailOptions.put(policy, "issuer", issuer);
        DetailOptions.put(policy, "subject", subject);
        DetailOptions.put(policy, "subject_claim", claim);
        if (audiences != null) {
          audiences.forEach(policy.putArray("audiences")::add);
        }
      }
      return body;
    }
  }
}
