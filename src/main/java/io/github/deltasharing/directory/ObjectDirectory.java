/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.directory;

import io.github.deltasharing.directory.ListPage.StoredObject;
import io.github.deltasharing.source.ListedFile;
import io.github.deltasharing.source.PositionedInput;
import io.github.deltasharing.source.StoredFile;
import io.github.deltasharing.source.TableStorage;
import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A table's directory in an object store, read with a temporary credential. A failure that has to
 * reach the user is the cause of what is thrown. Driver only; thread-safe.
 *
 * <p>Few requests: a listing is one for each 1,000 files; what it says of a file is not requested
 * again, and a small file of it that was read is kept for as long as the listing says it is the
 * same.
 */
final class ObjectDirectory implements TableStorage {
  private static final int PAGE = 1_000;
  private static final int MOST_PAGES = 10_000;

  /** What lists a million of files into memory lists a hostile log. */
  private static final int MOST_FILES = 1_000_000;

  private final ObjectStore store;
  private final List<AuxiliaryStore> auxiliary;
  private final StoreRequests requests;
  private final RecentLog recent = new RecentLog();

  /**
   * @param auxiliary where else the table's data files may be
   */
  ObjectDirectory(ObjectStore store, List<AuxiliaryStore> auxiliary, StoreRequests requests) {
    this.store = store;
    this.auxiliary = List.copyOf(auxiliary);
    this.requests = requests;
  }

  /** One request, unless a listing of just now has it. */
  @Override
  public Optional<StoredFile> find(String path) {
    StoredObject known = recent.justListed(path);
    if (known == null) {
      try {
        known = look(path);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return Optional.ofNullable(known)
        .map(object -> new StoredFile(object.size(), object.lastModified(), object.etag()));
  }

  /** Of all names that begin with a name, it comes first itself. */
  private StoredObject look(String path) throws IOException {
    ListPage page = requests.list(store, () -> store.list(path, null, null, 1));
    return page == null || page.objects().isEmpty() || !page.objects().get(0).name().equals(path)
        ? null
        : page.objects().get(0);
  }

  @Override
  public List<ListedFile> list(String directory, String from) throws IOException {
    String prefix = directory.isEmpty() ? "" : directory + "/";
    List<StoredObject> objects = new ArrayList<>();
    String after = from.isEmpty() ? null : prefix + before(from);
    String token = null;
    for (int pages = 0; ; pages++) {
      String next = token;
      ListPage page = requests.list(store, () -> store.list(prefix, after, next, PAGE));
      for (StoredObject object : page.objects()) {
        if (isIn(prefix, object.name())
            && object.name().substring(prefix.length()).compareTo(from) >= 0) {
          objects.add(object);
        }
      }
      if (page.next() == null) {
        break;
      }
      if (pages == MOST_PAGES || objects.size() > MOST_FILES || page.next().equals(token)) {
        throw new IOException(
            "the directory "
                + directory
                + " has more files than a log can have, or its listing does not end");
      }
      token = page.next();
    }
    objects.sort(Comparator.comparing(StoredObject::name));
    recent.listed(prefix, from, objects);
    return objects.stream()
        .map(
            object ->
                new ListedFile(
                    object.name().substring(prefix.length()), object.size(), object.lastModified()))
        .toList();
  }

  /** A store that knows no delimiter lists what is below, too. */
  private static boolean isIn(String prefix, String name) {
    return name.length() > prefix.length()
        && name.startsWith(prefix)
        && name.indexOf('/', prefix.length()) < 0;
  }

  /** A name that comes before another one and not long before it: listings start after a name. */
  private static String before(String name) {
    int last = name.length() - 1;
    char end = name.charAt(last);
    return end > ' ' && end < 0x7f ? name.substring(0, last) + (char) (end - 1) : "";
  }

  /**
   * The hint for a checkpoint. Of all in a log it alone is written again, so what a listing says of
   * it is over. It can be done without; Kernel would ask for it again and again, with pauses, after
   * all retries.
   */
  private InputStream hint(String path) throws IOException {
    try {
      return new LogStream(new ObjectInput(requests, store, path, -1), path);
    } catch (FileNotFoundException e) {
      throw e;
    } catch (IOException e) {
      FileNotFoundException none = new FileNotFoundException(path + " is not to be had");
      none.initCause(e);
      throw none;
    }
  }

  @Override
  public InputStream open(String path) throws IOException {
    if (path.endsWith("/_last_checkpoint")) {
      return hint(path);
    }
    byte[] kept = recent.bytes(path);
    if (kept != null) {
      return new ByteArrayInputStream(kept);
    }
    if (recent.isJustMissed(path)) {
      throw new FileNotFoundException(path + " is not there");
    }
    StoredObject object = recent.object(path);
    if (object == null) {
      return new LogStream(new ObjectInput(requests, store, path, -1), path);
    }
    ObjectInput input = new ObjectInput(requests, store, path, object.size());
    if (object.size() > RecentLog.MOST_BYTES_OF_ONE) {
      return new LogStream(input, path);
    }
    byte[] bytes = new byte[(int) object.size()];
    input.readFully(0, bytes, 0, bytes.length);
    recent.keep(path, object, bytes);
    return new ByteArrayInputStream(bytes);
  }

  @Override
  public PositionedInput openAt(String path) throws IOException {
    StoredObject object = recent.object(path);
    return new ObjectInput(requests, store, path, object == null ? -1 : object.size());
  }

  @Override
  public Optional<String> relativize(String absolute) {
    StoreLocation place;
    try {
      place = StoreLocation.parse(absolute);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    String below = store.location().relativize(place);
    return below != null
        ? Optional.of(below)
        : Auxiliary.name(auxiliary.stream().map(AuxiliaryStore::location).toList(), place);
  }

  /** Signs the URLs of the table's files, wherever they are. */
  DirectoryUrls urls() {
    return new DirectoryUrls(store, auxiliary);
  }
}
