package io.github.deltasharing.server.share;

import io.github.deltasharing.server.config.ConfigException;
import io.github.deltasharing.server.error.ServerError;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What is shared, found by names without regard to case. Immutable, safe for use by several
 * threads.
 */
public final class Shares {
  private static final int MAX_NAME_LENGTH = 255;

  private final List<Share> shares;

  public Shares(List<Share> shares) {
    this.shares = shares;
  }

  public List<Share> all() {
    return shares;
  }

  public Share share(String name) {
    return find(shares.stream(), Share::name, name)
        .orElseThrow(() -> ServerError.notFound("There is no share '" + name + "'"));
  }

  public SharedSchema schema(String share, String name) {
    return find(share(share).schemas().stream(), SharedSchema::name, name)
        .orElseThrow(
            () -> ServerError.notFound("There is no schema '" + name + "' in share " + share));
  }

  public SharedTable table(String share, String schema, String name) {
    return find(schema(share, schema).tables().stream(), SharedTable::name, name)
        .orElseThrow(
            () ->
                ServerError.notFound(
                    "There is no table '" + name + "' in schema " + share + "." + schema));
  }

  private static <T> Optional<T> find(
      Stream<T> items, java.util.function.Function<T, String> name, String wanted) {
    return items.filter(item -> name.apply(item).equalsIgnoreCase(wanted)).findFirst();
  }

  /** Adds a table to the list, with its share and schema when they are missing. */
  public static void add(List<Share> shares, SharedTable table) {
    Share share =
        find(shares.stream(), Share::name, table.share())
            .orElse(new Share(table.share(), List.of()));
    SharedSchema schema =
        find(share.schemas().stream(), SharedSchema::name, table.schema())
            .orElse(new SharedSchema(table.schema(), List.of()));
    List<SharedTable> tables = new ArrayList<>(schema.tables());
    tables.add(table);
    List<SharedSchema> schemas = new ArrayList<>(share.schemas());
    replace(schemas, schema, new SharedSchema(schema.name(), tables));
    replace(shares, share, new Share(share.name(), share.details(), schemas));
  }

  private static <T> void replace(List<T> list, T old, T replacement) {
    int index = list.indexOf(old);
    if (index < 0) {
      list.add(replacement);
    } else {
      list.set(index, replacement);
    }
  }

  /** Refuses names that the protocol does not allow and names that are given twice. */
  public static void check(List<Share> shares) {
    Set<String> seen = new HashSet<>();
    for (Share share : shares) {
      checkName("shares[].name", share.name(), seen, "");
      share.details().check(share.name());
      for (SharedSchema schema : share.schemas()) {
        checkName("schemas[].name", schema.name(), seen, share.name() + "/");
        for (SharedTable table : schema.tables()) {
          checkName("tables[].name", table.name(), seen, share.name() + "/" + schema.name() + "/");
          if (table.startVersion() < 0) {
            throw new ConfigException(
                "startVersion of " + table.fullName() + " is below 0: it must be 0 or more");
          }
        }
      }
    }
  }

  private static void checkName(String key, String name, Set<String> seen, String above) {
    if (name.isBlank()
        || name.length() > MAX_NAME_LENGTH
        || name.chars().anyMatch(c -> c == '/' || c < ' ' || c == 0x7f)) {
      throw new ConfigException(
          key
              + " is '"
              + name
              + "': it must have 1 to 255 characters and neither slash nor control characters");
    }
    if (!seen.add((above + name).toLowerCase(Locale.ROOT))) {
      throw new ConfigException(
          key + " '" + above + name + "' is there twice (case does not count): rename one");
    }
  }
}
