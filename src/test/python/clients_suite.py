"""Our server as clients see it that are not ours: Delta Sharing's own client in Python, in both response formats (the delta
format goes through Delta Kernel in Rust), DuckDB on the bytes behind the URLs, and delta-rs on the provider's tables. Each is
compared with what Delta Lake reads.
"""

import json
import os
import urllib.error
import urllib.request

import delta_sharing
import deltalake
import duckdb
import requests
from delta_sharing.protocol import CdfOptions, DeltaSharingProfile, Table
from delta_sharing.rest_client import DataSharingRestClient

from suite import check, equal, run

PLAIN = ["values", "sales", "partitions", "empty"]
FEATURES = ["local_times", "vectors", "mapped"]


def load(suite, table, **options):
    return delta_sharing.load_as_pandas(suite.path(table), **options)


def changes(suite, table, **options):
    return delta_sharing.load_table_changes_as_pandas(suite.path(table), **options)


def rest(suite):
    return DataSharingRestClient(DeltaSharingProfile.read_from_file(suite.profile))


def table(name):
    return Table(name=name, share="share", schema="schema")


def country(value):
    return json.dumps(
        {
            "op": "equal",
            "children": [
                {"op": "column", "name": "country", "valueType": "string"},
                {"op": "literal", "value": value, "valueType": "string"},
            ],
        }
    )


@check
def listings(suite):
    client = delta_sharing.SharingClient(suite.profile)
    shares = client.list_shares()
    equal([share.name for share in shares], ["share"])
    schemas = client.list_schemas(shares[0])
    equal([(schema.name, schema.share) for schema in schemas], [("schema", "share")])
    tables = sorted([*PLAIN, *FEATURES, "growing", "gone"])
    equal(sorted(shared.name for shared in client.list_tables(schemas[0])), tables)
    equal(sorted(shared.name for shared in client.list_all_tables()), tables)
    return f"{len(tables)} tables"


@check
def metadata(suite):
    for name in PLAIN + FEATURES:
        shared = delta_sharing.get_table_metadata(suite.path(name))
        fields = json.loads(shared.schema_string)["fields"]
        equal([field["name"] for field in fields], list(suite.fields(name)))
    equal(delta_sharing.get_table_protocol(suite.path("sales"), use_delta_format=False).min_reader_version, 1)
    equal(delta_sharing.get_table_protocol(suite.path("vectors")).min_reader_version, 3)
    equal(delta_sharing.get_table_version(suite.path("sales")), 4)
    equal(delta_sharing.get_table_version(suite.path("sales"), "2020-01-01T00:00:00Z"), 0)


@check
def parquet_format(suite):
    names = ["values", "sales", "partitions"]
    for name in names:
        suite.same_frame(load(suite, name, use_delta_format=False), name)
        suite.same_frame(load(suite, name, use_delta_format=False, convert_in_batches=True), name)
    equal(list(load(suite, "empty", use_delta_format=False).columns), list(suite.fields("empty")))
    return ", ".join(names)


@check
def delta_format(suite):
    names = ["values", "sales", "partitions", *FEATURES]
    for name in names:
        suite.same_frame(load(suite, name, use_delta_format=True), name)
        suite.same_frame(load(suite, name, use_delta_format=True, convert_in_batches=True), name)
    return ", ".join(names)


@check
def format_of_the_servers_choice(suite):
    client = rest(suite)
    for name in PLAIN + FEATURES:
        equal(client.autoresolve_query_format(table(name)), "parquet" if name in PLAIN else "delta")
    suite.same_frame(load(suite, "sales"), "sales")
    suite.same_frame(load(suite, "vectors"), "vectors")


@check
def limits(suite):
    for delta in (False, True):
        for count in (1, 7, 150):
            frame = load(suite, "sales", limit=count, use_delta_format=delta)
            equal(len(frame), count)
            suite.some(frame.to_dict("records"), "sales")
        equal(len(load(suite, "sales", limit=10_000, use_delta_format=delta)), len(suite.rows("sales")))


@check
def predicates(suite):
    """A client filters files alone, so the rows of one partition are all that come."""
    germany = [row for row in suite.expected["sales"]["rows"] if row["country"] == "DE"]
    for delta in (False, True):
        frame = load(suite, "sales", jsonPredicateHints=country("DE"), use_delta_format=delta)
        equal(sorted(frame["id"]), sorted(row["id"] for row in germany))
    everything = rest(suite).list_files_in_table(table("sales")).add_files
    some = rest(suite).list_files_in_table(table("sales"), jsonPredicateHints=country("DE")).add_files
    equal({file.partition_values["country"] for file in some}, {"DE"})
    return f"{len(some)} of {len(everything)} files"


@check
def time_travel(suite):
    for name, formats in (("sales", (False, True)), ("vectors", (True,))):
        time = suite.expected[f"{name} time of version 1"].replace(" ", "T") + "Z"
        for delta in formats:
            expected = f"{name} version 1"
            suite.same_frame(load(suite, name, version=1, use_delta_format=delta), expected)
            suite.same_frame(load(suite, name, timestamp=time, use_delta_format=delta), expected)
            assert suite.rows(expected) != suite.rows(name)


def same_changes(suite, frame, name):
    """In parquet format the client gives a commit's time as a number; in delta format it keeps it as the time of a file, in
    whole seconds.
    """
    times = frame["_commit_timestamp"]
    if str(times.dtype) == "int64":
        return suite.same_frame(frame.assign(_commit_timestamp=times.astype("datetime64[ms]")), name)
    rows = [
        {**row, "_commit_timestamp": row["_commit_timestamp"][: len("2024-01-01T00:00:00")] + ".000000Z"}
        for row in suite.expected[name]["rows"]
    ]
    suite.expected[name + " in seconds"] = {**suite.expected[name], "rows": rows}
    return suite.same_frame(frame[list(suite.fields(name))], name + " in seconds")


@check
def changes_in_parquet_format(suite):
    same_changes(suite, changes(suite, "sales", starting_version=2, ending_version=4), "sales changes")
    return same_changes(suite, changes(suite, "sales", starting_version=0), "sales all changes")


@check
def changes_in_delta_format(suite):
    for name in ("sales", "vectors"):
        options = {"use_delta_format": True, "starting_version": 2, "ending_version": 4}
        same_changes(suite, changes(suite, name, **options), f"{name} changes")
        options = {"use_delta_format": True, "starting_version": 0}
        said = same_changes(suite, changes(suite, name, **options), f"{name} all changes")
    return said


def refused(read, status, *words):
    try:
        read()
    except requests.HTTPError as e:
        equal(e.response.status_code, status)
        body = e.response.json()
        assert body["errorCode"] and body["message"], body
        for word in words:
            assert word in str(e) + body["message"], f"{word} is not in {e}: {body}"
    else:
        raise AssertionError(f"{words}: no error")


@check
def errors(suite):
    refused(lambda: delta_sharing.load_as_pandas(suite.path("slaes")), 404, "slaes")
    wrong = suite.other_profile("wrong", bearerToken="not-the-token")
    refused(lambda: delta_sharing.load_as_pandas(suite.path("sales", wrong)), 401, "bearer token")
    refused(lambda: load(suite, "sales", version=77, use_delta_format=False), 400, "77")
    refused(lambda: load(suite, "vectors", use_delta_format=False), 400, "delta")
    refused(lambda: changes(suite, "growing", starting_version=0), 400, "delta.enableChangeDataFeed")
    # The client asks the server with a token that the profile calls expired, and shows the answer.
    expired = suite.other_profile("expired", bearerToken="not-the-token", expirationTime="2020-01-01T00:00:00.0Z")
    refused(lambda: delta_sharing.load_as_pandas(suite.path("sales", expired)), 401, "Ask the provider for a new one")


@check
def duckdb_on_the_urls(suite):
    """The files that a response leads to, read by DuckDB; each URL signed, ranged, and of the length that was said."""
    paths = []
    for file in rest(suite).list_files_in_table(table("values")).add_files:
        with urllib.request.urlopen(file.url) as response:
            data = response.read()
        equal(len(data), file.size)
        part = urllib.request.Request(file.url, headers={"Range": "bytes=-8"})
        with urllib.request.urlopen(part) as response:
            equal((response.status, response.read()), (206, data[-8:]))
        paths.append(f"{suite.scratch}/{len(paths)}.parquet")
        with open(paths[-1], "wb") as out:
            out.write(data)
    assert len(paths) > 3
    relation = duckdb.connect().execute("SELECT * FROM read_parquet(?)", [paths])
    columns = [column[0] for column in relation.description]
    said = suite.same([dict(zip(columns, row)) for row in relation.fetchall()], "values")
    try:
        urllib.request.urlopen(file.url[:-2] + "AA")
        raise AssertionError("a URL with another signature was served")
    except urllib.error.HTTPError as e:
        equal(e.code, 403)
    return said


@check
def statistics_are_true(suite):
    """What the server says of files, asked of DuckDB on the same bytes: a wrong bound loses rows of whoever filters by it."""
    files = 0
    for file in rest(suite).list_files_in_table(table("sales")).add_files:
        stats = json.loads(file.stats)
        path = f"{suite.scratch}/stats.parquet"
        urllib.request.urlretrieve(file.url, path)
        query = "SELECT count(*), min(id), max(id), min(amount), max(amount), min(day), max(day) FROM read_parquet(?)"
        count, *bounds = duckdb.connect().execute(query, [path]).fetchone()
        equal(stats["numRecords"], count)
        said = [stats[side][column] for column in ("id", "amount", "day") for side in ("minValues", "maxValues")]
        equal([str(bound) for bound in said[:2] + said[4:]], [str(bound) for bound in bounds[:2] + bounds[4:]])
        equal([float(bound) for bound in said[2:4]], [float(bound) for bound in bounds[2:4]])
        files += 1
    assert files > 3
    return f"{files} files"


@check
def delta_rs_on_the_tables(suite):
    """A second oracle: what delta-rs reads in the provider's directory is what Delta Lake reads there, and it counts the same
    files. Not of "partitions": delta-rs 1.6.6 fails on the decimal -0.001 in a partition ('0.0-1').
    """
    names = ["values", "sales"]
    for name in names:
        provider = deltalake.DeltaTable(os.path.join(suite.tables, name))
        suite.same_frame(provider.to_pandas()[list(suite.fields(name))], name)
        shared = rest(suite).list_files_in_table(table(name))
        equal(len(shared.add_files), len(provider.file_uris()))
        equal(shared.delta_table_version, provider.version())
    return ", ".join(names)


if __name__ == "__main__":
    run(lambda suite: suite)
