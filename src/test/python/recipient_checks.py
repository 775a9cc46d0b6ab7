"""What a recipient does in Python, each thing compared with what Delta Lake reads: in a job of spark-submit, or as a client of
Spark Connect (--remote). Prints a line for each check, 'passed <name>' or 'failed <name>' and why, and exits with 1 if one failed.
"""

import argparse
import json
import os
import sys
import threading
import time
import traceback
from decimal import Decimal

from pyspark.sql import SparkSession

CHECKS = []
TIMES = ("sold_at", "_commit_timestamp")
SLEEP = "java_method('java.lang.Thread', 'sleep', CASE WHEN id % 50 = 0 THEN 100L ELSE 0L END) IS NOT NULL"


def check(function):
    CHECKS.append(function)
    return function


class Recipient:
    def __init__(self, arguments):
        self.arguments = arguments
        with open(arguments.expected, encoding="utf-8") as file:
            self.expected = json.load(file)
        self.sessions = []
        self.spark = self.session()

    def session(self):
        if not self.arguments.remote:
            return SparkSession.builder.appName("checks").getOrCreate()
        spark = SparkSession.builder.remote(self.arguments.remote).create()
        spark.conf.set("spark.sql.session.timeZone", "UTC")
        for jar in self.arguments.artifact:
            spark.addArtifacts(jar)
        return spark

    def path(self, table, profile=None):
        return f"{profile or self.arguments.profile}#share.schema.{table}"

    def read(self, table, spark=None, profile=None, **options):
        return (spark or self.spark).read.format("deltaSharing").options(**options).load(self.path(table, profile))

    def scratch(self, name):
        return os.path.join(self.arguments.scratch, name)

    def same(self, data, name):
        """The rows are those that Delta Lake reads."""
        columns = [f"string({c}) AS {c}" if c in TIMES else f"`{c}`" for c in data.columns]
        rows = sorted(row[0] for row in data.selectExpr(f"to_json(struct({', '.join(columns)}))").collect())
        assert len(rows) > 1
        equal(rows, self.expected[name])


def equal(actual, expected):
    if actual != expected:
        raise AssertionError(f"{str(actual)[:300]} is not {str(expected)[:300]}")


def sums(rows):
    """What a client makes of values: id and amount, added."""
    return sum(row["id"] for row in rows), sum((Decimal(str(row["amount"])) for row in rows), Decimal(0))


@check
def batch(recipient):
    orders = recipient.read("orders")
    equal(orders.schema.simpleString(), recipient.expected["schema"])
    recipient.same(orders, "latest")


@check
def options(recipient):
    recipient.same(recipient.read("orders", versionAsOf=1), "version 1")
    recipient.same(recipient.read("orders", responseFormat="delta", prefetchMemory="0"), "latest")
    changes = recipient.read("orders", readChangeFeed=True, startingVersion=2, endingVersion=4)
    recipient.same(changes, "changes")


@check
def filters(recipient):
    orders = recipient.read("orders")
    recipient.same(orders.where("country = 'DE' AND amount > 500 AND id < 900"), "filtered")
    recipient.same(orders.where(orders.country.isNull() & (orders.buyer.city == "c2")), "nulls")
    equal(orders.count(), len(recipient.expected["latest"]))
    equal(len(orders.limit(7).collect()), 7)


@check
def aggregates_and_joins(recipient):
    orders = recipient.read("orders")
    recipient.same(orders.groupBy("country").agg({"amount": "sum"}).toDF("country", "amount"), "by country")
    items = recipient.read("items")
    recipient.same(orders.join(items, orders.id == items["order id"]).groupBy("pieces").count(), "joined")


@check
def temporary_view(recipient):
    recipient.spark.sql(
        f"CREATE OR REPLACE TEMPORARY VIEW orders USING deltaSharing OPTIONS (path '{recipient.path('orders')}')"
    )
    recipient.same(recipient.spark.table("orders"), "latest")
    recipient.same(
        recipient.spark.sql("SELECT country, sum(amount) AS amount FROM orders GROUP BY country"), "by country"
    )


@check
def catalog(recipient):
    spark = recipient.spark
    spark.conf.set("spark.sql.catalog.shared", "io.github.deltasharing.catalog.SharingCatalog")
    spark.conf.set("spark.sql.catalog.shared.profile", recipient.arguments.profile)
    tables = spark.sql("SHOW TABLES IN shared.share.schema").collect()
    equal(sorted(row.tableName for row in tables), ["items", "orders", "slow"])
    recipient.same(spark.table("shared.share.schema.orders"), "latest")
    recipient.same(spark.sql("SELECT * FROM shared.share.schema.orders VERSION AS OF 1"), "version 1")
    where = "country = 'DE' AND amount > 500 AND id < 900"
    recipient.same(spark.sql(f"SELECT * FROM shared.share.schema.orders WHERE {where}"), "filtered")
    bounds = {"startingVersion": 2, "endingVersion": 4}
    recipient.same(spark.read.options(**bounds).table("shared.share.schema.orders.changes"), "changes")


@check
def pandas_conversion(recipient):
    """Over Arrow."""
    orders = recipient.read("orders").select("id", "country", "amount")
    frame = orders.toPandas()
    expected = [json.loads(row) for row in recipient.expected["latest"]]
    equal(sums(frame.to_dict("records")), sums(expected))
    equal(int(frame["country"].isna().sum()), sum("country" not in row for row in expected))


@check
def python_functions(recipient):
    """Rows go to Python workers beside the executors, and come back."""

    def halves(frames):
        for frame in frames:
            yield frame[frame["id"] % 2 == 0]

    kept = recipient.read("orders").select("id").mapInPandas(halves, "id bigint")
    expected = [json.loads(row)["id"] for row in recipient.expected["latest"]]
    equal(sorted(row.id for row in kept.collect()), sorted(i for i in expected if i % 2 == 0))


@check
def stream(recipient):
    spark = recipient.spark
    query = (
        spark.readStream.format("deltaSharing")
        .option("maxFilesPerTrigger", 3)
        .load(recipient.path("orders"))
        .writeStream.format("parquet")
        .option("checkpointLocation", recipient.scratch("stream-checkpoint"))
        .trigger(availableNow=True)
        .start(recipient.scratch("stream"))
    )
    assert query.awaitTermination(120), query.status
    assert not query.isActive
    assert query.exception() is None, query.exception()
    equal(query.status["isDataAvailable"] or query.status["isTriggerActive"], False)
    # Dictionaries, or from Spark 4 on objects that know their JSON.
    progress = [json.loads(p.json) if hasattr(p, "json") else p for p in query.recentProgress]
    assert len(progress) > 1, "several batches"
    # Over Spark Connect only sources have it.
    rows = sum(source["numInputRows"] for p in progress for source in p["sources"])
    equal(rows, len(recipient.expected["latest"]))
    assert "share.schema.orders" in json.dumps(progress), progress[0]["sources"]
    recipient.same(spark.read.parquet(recipient.scratch("stream")).select(*recipient.read("orders").columns), "latest")


@check
def for_each_batch(recipient):
    """A function of the client runs where the server is, with a session there."""
    target = recipient.scratch("batches")

    def append(batch, number):
        batch.write.mode("append").parquet(target)

    query = (
        recipient.spark.readStream.format("deltaSharing")
        .option("readChangeFeed", True)
        .option("startingVersion", 2)
        .load(recipient.path("orders"))
        .writeStream.option("checkpointLocation", recipient.scratch("batches-checkpoint"))
        .trigger(availableNow=True)
        .foreachBatch(append)
        .start()
    )
    assert query.awaitTermination(120), query.status
    assert query.exception() is None, query.exception()
    recipient.same(recipient.spark.read.parquet(target), "changes")


@check
def refreshed_urls(recipient):
    """A scan that outlives its URLs: executors ask the driver for others."""
    start = time.time()
    slow = recipient.read("slow", profile=recipient.arguments.short_lived, prefetchMemory="0")
    recipient.same(slow.where(SLEEP), "slow")
    assert time.time() - start > 4, f"only {time.time() - start} s"


@check
def errors(recipient):
    """A Python exception whose first sentence is the connector's."""
    for wanted, read in (
        ("share.schema.ordres", lambda: recipient.read("ordres").count()),
        ("versionAsOf", lambda: recipient.read("orders", versionAsOf="soon").count()),
        ("no-such-file.share", lambda: recipient.read("orders", profile="/no-such-file.share").count()),
    ):
        try:
            read()
        except Exception as e:
            first = str(e).strip().splitlines()[0]
            print(f"  {type(e).__module__}.{type(e).__name__}: {first}")
            # Not a Py4JJavaError, which shows a trace of Java first.
            assert type(e).__name__ == "IllegalArgumentException", type(e)
            assert wanted in first, f"{wanted} is not in {first}"
        else:
            raise AssertionError(f"{wanted}: no error")


@check
def sessions_at_once(recipient):
    """Sessions with views of the same name and catalogs of their own."""
    failures = []
    sessions = recipient.sessions

    def run(version, name):
        try:
            spark = recipient.session()
            # When a session of Spark 3.5's client is garbage, it closes a pool of threads that all sessions of the process share.
            sessions.append(spark)
            option = "" if version is None else f", versionAsOf '{version}'"
            spark.sql(
                "CREATE TEMPORARY VIEW mine USING deltaSharing"
                f" OPTIONS (path '{recipient.path('orders')}'{option})"
            )
            for _ in range(2):
                recipient.same(spark.table("mine"), name)
        except Exception:
            failures.append(traceback.format_exc())

    threads = [threading.Thread(target=run, args=a) for a in ((None, "latest"), (1, "version 1"), (4, "latest"))]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert not failures, failures[0]


@check
def other_classes_are_missing(recipient):
    """The server has no connector of its own: a session without the artifact does not find it."""
    spark = SparkSession.builder.remote(recipient.arguments.remote).create()
    recipient.sessions.append(spark)
    try:
        recipient.read("orders", spark=spark).count()
    except Exception as e:
        assert "DATA_SOURCE_NOT_FOUND" in str(e) or "Failed to find" in str(e), e
    else:
        raise AssertionError("found")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--remote")
    parser.add_argument("--artifact", action="append", default=[])
    for name in ("profile", "short-lived", "expected", "scratch"):
        parser.add_argument("--" + name, required=True)
    parser.add_argument("checks", nargs="+")
    arguments = parser.parse_args()
    recipient = Recipient(arguments)
    known = {function.__name__: function for function in CHECKS}
    failed = 0
    for name in arguments.checks:
        start = time.time()
        try:
            known[name](recipient)
            print(f"passed {name} {time.time() - start:.1f} s", flush=True)
        except Exception:
            failed += 1
            print(f"failed {name} {traceback.format_exc()}", flush=True)
    if not arguments.remote:
        recipient.spark.stop()
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
