"""The Iceberg REST catalog of our server by engines with readers of Iceberg of their own: DuckDB and ClickHouse, embedded. Both read tables
that are offered by temporary credentials; neither signs requests at a catalog.
"""

import importlib.util
import pathlib
import re
import tempfile

import chdb.session
import duckdb

from suite import check, equal, run

FILTER = "country = 'DE' AND amount > 500 AND id < 700"
TABLES = {"by_directory": "delta", "lake_by_directory": "lake"}


class DuckDb:
    """The extensions are in packages: the host that INSTALL fetches them from may be out of reach."""

    table = "shared.schema.{}".format

    def __init__(self, suite):
        self.connection = duckdb.connect()
        for name in ("avro", "httpfs", "iceberg"):
            package = pathlib.Path(importlib.util.find_spec("duckdb_extension_" + name).origin).parent
            (extension,) = package.glob(f"extensions/*/{name}.duckdb_extension")
            self.connection.execute(f"LOAD '{extension}'")
        profile = suite.credentials()
        self.connection.execute("SET TimeZone = 'UTC'")
        self.connection.execute(f"CREATE SECRET shared (TYPE iceberg, TOKEN '{profile['bearerToken']}')")
        endpoint = profile["icebergEndpoint"]
        self.connection.execute(f"ATTACH 'share' AS shared (TYPE iceberg, SECRET shared, ENDPOINT '{endpoint}')")

    def rows(self, query):
        return self.connection.execute(query).to_arrow_table().to_pylist()

    def tables(self):
        return sorted(row["name"] for row in self.rows("SHOW ALL TABLES"))


class ClickHouse:
    """It has no structs that are null: in their place are structs of nulls."""

    table = "shared.`schema.{}`".format

    def __init__(self, suite, kind):
        self.session = chdb.session.Session(tempfile.mkdtemp(dir=suite.scratch))
        profile = suite.credentials()
        self.session.query("SET allow_database_iceberg = 1")
        self.session.query(
            f"CREATE DATABASE shared ENGINE = DataLakeCatalog('{profile['icebergEndpoint']}') SETTINGS catalog_type = '{kind}',"
            f" warehouse = 'share', auth_header = 'Authorization: Bearer {profile['bearerToken']}'"
        )

    def rows(self, query):
        return self.session.query(query, "ArrowTable").to_pylist()

    def tables(self):
        names = [row["name"] for row in self.rows("SHOW TABLES FROM shared")]
        return sorted(name.removeprefix("schema.") for name in names)

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        self.session.query("DROP DATABASE shared")
        self.session.close()


def every_row(suite, engine):
    said = []
    for shared, written in TABLES.items():
        rows = engine.rows(f"SELECT * FROM {engine.table(shared)}")
        for row in rows if written == "lake" else []:
            # Nobody in it is without a name.
            row["person"] = row["person"] if row["person"] and row["person"]["name"] else None
        said.append(suite.same(rows, written))
        equal(engine.rows(f"SELECT count(*) AS n FROM {engine.table(shared)}"), [{"n": len(rows)}])
    rows = engine.rows(f"SELECT * FROM {engine.table('by_directory')} WHERE {FILTER}")
    said.append(suite.same(rows, "delta filtered"))
    equal(engine.tables(), ["by_directory", "delta", "lake", "lake_by_directory", "lake_newest"])
    return ", ".join(said)


def refusal(engine, query):
    try:
        engine.rows(query)
    except Exception as error:
        return str(error)
    raise AssertionError(f"not refused: {query}")


def refused(engine):
    said = refusal(engine, f"SELECT * FROM {engine.table('plain')}")
    assert "a Delta table without Iceberg metadata" in said, said
    said = refusal(engine, f"DROP TABLE {engine.table('by_directory')}")
    assert "The catalog of a share can only be read" in said, said
    # That it signs no requests at the catalog is said in our documentation.
    said = refusal(engine, f"SELECT * FROM {engine.table('lake')}")
    assert re.search("403 Forbidden|response code: 40[34]", said), said


@check
def duckdb_reads_every_row(suite):
    return every_row(suite, DuckDb(suite))


@check
def duckdb_is_refused(suite):
    refused(DuckDb(suite))


@check
def clickhouse_reads_every_row(suite):
    with ClickHouse(suite, "rest") as engine:
        return every_row(suite, engine)


@check
def clickhouse_reads_every_row_by_its_catalog_of_delta_sharing(suite):
    with ClickHouse(suite, "delta_sharing") as engine:
        return every_row(suite, engine)


@check
def clickhouse_is_refused(suite):
    with ClickHouse(suite, "rest") as engine:
        refused(engine)


if __name__ == "__main__":
    run(lambda suite: suite)
