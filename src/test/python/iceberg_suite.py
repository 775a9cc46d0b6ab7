"""The Iceberg REST catalog of our server, and the files behind it, as PyIceberg reads them: a table that Iceberg's Spark runtime
wrote and a Delta table with Iceberg metadata, each compared with what its own writer reads.
"""

import json
import os

# Its threads share a connection, off which each takes the signer for a moment: requests of others would go unsigned.
os.environ["PYICEBERG_MAX_WORKERS"] = "1"

import requests
from pyiceberg.catalog import load_catalog
from pyiceberg.exceptions import (
    BadRequestError,
    ForbiddenError,
    NoSuchNamespaceError,
    NoSuchTableError,
    RESTError,
    SignError,
    UnauthorizedError,
)
from pyiceberg.io.pyarrow import PyArrowFileIO

from suite import check, equal, run

TABLES = ["delta", "lake"]
FILTERS = {
    "delta": "country = 'DE' and amount > 500 and id < 700",
    "lake": "name = 'n7' and amount > 100 and id < 500",
}


def catalog(suite, warehouse="share", **more):
    profile = suite.credentials()
    properties = {"type": "rest", "uri": profile["icebergEndpoint"], "warehouse": warehouse, "token": profile["bearerToken"]}
    return load_catalog("shared", **{**properties, **more})


def table(suite, name, **more):
    return catalog(suite, **more).load_table(("schema", name))


def fails(kind, function):
    try:
        function()
    except kind as error:
        return str(error)
    raise AssertionError(f"no {kind}")


@check
def listings(suite):
    shared = catalog(suite)
    equal(shared.list_namespaces(), [("schema",)])
    equal(shared.list_namespaces(("schema",)), [])
    names = ["by_directory", "delta", "lake", "lake_by_directory", "lake_newest"]
    equal(shared.list_tables("schema"), [("schema", name) for name in names])
    equal(catalog(suite, **{"rest-page-size": "1"}).list_tables("schema"), [("schema", name) for name in names])
    assert shared.namespace_exists("schema") and not shared.namespace_exists("none")
    assert shared.table_exists("schema.delta") and not shared.table_exists("schema.plain")
    equal(shared.list_views("schema"), [])


@check
def every_row(suite):
    return ", ".join(suite.same(table(suite, name).scan().to_arrow().to_pylist(), name) for name in TABLES)


@check
def filtered_rows(suite):
    said = []
    for name, condition in FILTERS.items():
        rows = table(suite, name).scan(row_filter=condition).to_arrow().to_pylist()
        said.append(suite.same(rows, name + " filtered"))
    return ", ".join(said)


@check
def some_columns(suite):
    for name in TABLES:
        rows = table(suite, name).scan(selected_fields=("id", "amount")).to_arrow()
        equal(rows.column_names, ["id", "amount"])
        equal(sorted(rows["id"].to_pylist()), sorted(row["id"] for row in suite.expected[name]["rows"]))


@check
def tables_that_are_open_at_once(suite):
    """They share a bucket, and s3fs shares connections."""
    opened = [(name, table(suite, name)) for name in [*TABLES, *TABLES]]
    batches = [(name, loaded.scan().to_arrow_batch_reader()) for name, loaded in opened]
    for name, reader in batches:
        suite.same(reader.read_all().to_pylist(), name)


@check
def an_older_snapshot(suite):
    lake = table(suite, "lake")
    first = suite.expected["lake first id"]
    assert first in [snapshot.snapshot_id for snapshot in lake.snapshots()]
    suite.same(lake.scan(snapshot_id=first).to_arrow().to_pylist(), "lake first")
    newest = table(suite, "lake_newest")
    equal([snapshot.snapshot_id for snapshot in newest.snapshots()], [lake.current_snapshot().snapshot_id])
    suite.same(newest.scan().to_arrow().to_pylist(), "lake")
    # Whoever knows what it is called gets no further.
    hidden = next(snapshot for snapshot in lake.snapshots() if snapshot.snapshot_id == first).manifest_list
    with lake.io.new_input(hidden).open() as file:
        assert file.read()
    fails((SignError, PermissionError, OSError), lambda: newest.io.new_input(hidden).open().read())


@check
def credentials_to_directories(suite):
    said = []
    for shared, written in (("by_directory", "delta"), ("lake_by_directory", "lake")):
        loaded = table(suite, shared)
        assert isinstance(loaded.io, PyArrowFileIO), type(loaded.io)
        assert loaded.io.properties["s3.session-token"]
        said.append(suite.same(loaded.scan().to_arrow().to_pylist(), written))
    return ", ".join(said)


@check
def writes_are_refused(suite):
    lake = table(suite, "lake")
    fails((ForbiddenError, NotImplementedError, RESTError), lambda: lake.transaction().set_properties(a="b").commit_transaction())
    fails((ForbiddenError, NotImplementedError, RESTError), lambda: catalog(suite).drop_table("schema.lake"))
    fails((ForbiddenError, NotImplementedError, RESTError), lambda: catalog(suite).create_namespace("mine"))
    suite.same(table(suite, "lake").scan().to_arrow().to_pylist(), "lake")


@check
def refusals_say_why(suite):
    shared = catalog(suite)
    fails(NoSuchTableError, lambda: shared.load_table("schema.none"))
    fails(NoSuchNamespaceError, lambda: shared.list_tables("none"))
    said = fails(BadRequestError, lambda: shared.load_table("schema.plain"))
    assert "a Delta table without Iceberg metadata" in said, said
    fails(UnauthorizedError, lambda: catalog(suite, token="wrong"))
    fails(RESTError, lambda: catalog(suite, warehouse="none"))


@check
def metadata_is_of_what_the_specification_has(suite):
    """PyIceberg's models are strict about what metadata has; here is what of the responses it passes over."""
    profile = suite.credentials()
    headers = {"Authorization": "Bearer " + profile["bearerToken"]}
    config = requests.get(profile["icebergEndpoint"] + "/v1/config?warehouse=share", headers=headers, timeout=30).json()
    equal(set(config), {"defaults", "overrides", "endpoints"})
    loaded = requests.get(profile["icebergEndpoint"] + "/v1/share/namespaces/schema/tables/lake", headers=headers, timeout=30)
    equal(set(loaded.json()), {"metadata-location", "metadata", "config", "remote-signing-config"})
    assert all(isinstance(value, str) for value in loaded.json()["config"].values())
    equal(loaded.headers["Cache-Control"], "no-store")
    return json.dumps(config["endpoints"])


if __name__ == "__main__":
    run(lambda suite: suite)
