"""What users of PySpark do with shared tables, in one session of a real PySpark: `pip install pyspark` and the connector's jar.
Expected rows are those that Delta Lake reads of the provider's tables.
"""

import datetime
import os
import zoneinfo

import delta_sharing
import deltalake
import pandas
import pyarrow
from py4j.protocol import Py4JJavaError
from pyspark.errors import (
    AnalysisException,
    IllegalArgumentException,
    StreamingQueryException,
    UnsupportedOperationException,
)
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from suite import check, equal, run

TABLES = ["values", "sales", "partitions", "local_times", "vectors", "mapped"]
ARROW = "spark.sql.execution.arrow.pyspark.enabled"
ZONE = "spark.sql.session.timeZone"


def session(suite):
    """As a notebook starts it."""
    suite.spark = (
        SparkSession.builder.master("local[2]")
        .appName("pyspark suite")
        .config("spark.jars", suite.connector)
        .config("spark.driver.memory", "1g")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.extraJavaOptions", "-XX:TieredStopAtLevel=1")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.sql.warehouse.dir", f"{suite.scratch}/warehouse")
        .config(ZONE, "UTC")
        .config("spark.sql.catalog.shared", "io.github.deltasharing.catalog.SharingCatalog")
        .config("spark.sql.catalog.shared.profile", suite.profile)
        .getOrCreate()
    )
    return suite


def read(suite, table, profile=None, **options):
    return suite.spark.read.format("deltaSharing").options(**options).load(suite.path(table, profile))


def same(suite, data, name):
    return suite.same((row.asDict() for row in data.collect()), name)


class conf:
    """Settings of the session for some lines."""

    def __init__(self, suite, **settings):
        self.conf, self.settings = suite.spark.conf, settings
        self.keys = {"arrow": ARROW, "zone": ZONE}

    def __enter__(self):
        self.before = {name: self.conf.get(self.keys[name]) for name in self.settings}
        self._set(self.settings)

    def __exit__(self, *_):
        self._set(self.before)

    def _set(self, settings):
        for name, value in settings.items():
            self.conf.set(self.keys[name], value)


@check
def data_frames(suite):
    for name in TABLES:
        data = read(suite, name)
        equal(
            [(field["name"], field["type"]) for field in data.schema.jsonValue()["fields"]], list(suite.fields(name).items())
        )
        same(suite, data, name)
        equal(data.count(), len(suite.rows(name)))
    equal(read(suite, "empty").collect(), [])
    return ", ".join(TABLES)


@check
def columns_and_filters(suite):
    sales = read(suite, "sales")
    same(suite, sales.where((F.col("country") == "DE") & (sales.amount > 500) & (sales["id"] < 700)), "sales filtered")
    same(suite, sales.filter("country = 'DE' AND amount > 500 AND id < 700"), "sales filtered")
    same(suite, sales.groupBy("country").agg(F.sum("amount").alias("amount")), "sales by country")
    ids = [row["id"] for row in suite.expected["sales"]["rows"]]
    equal(sales.agg(F.min("id"), F.max("id"), F.countDistinct("id")).first()[:], (min(ids), max(ids), len(ids)))
    equal([row.id for row in sales.orderBy(F.desc("id")).limit(3).collect()], sorted(ids)[:-4:-1])
    equal(len(sales.head(5)), 5)
    equal(sales.select("id").distinct().count(), len(ids))


@check
def sql(suite):
    spark = suite.spark
    spark.sql(f"CREATE OR REPLACE TEMPORARY VIEW sales USING deltaSharing OPTIONS (path '{suite.path('sales')}')")
    same(suite, spark.sql("SELECT * FROM sales"), "sales")
    same(suite, spark.sql("SELECT country, sum(amount) AS amount FROM sales GROUP BY country"), "sales by country")
    query = "SELECT * FROM {sales} WHERE country = :country AND amount > 500 AND id < 700"
    same(suite, spark.sql(query, args={"country": "DE"}, sales=read(suite, "sales")), "sales filtered")
    spark.catalog.dropTempView("sales")


@check
def catalog(suite):
    spark = suite.spark
    listed = [row.tableName for row in spark.sql("SHOW TABLES IN shared.share.schema").collect()]
    assert set(TABLES) < set(listed), listed
    for name in TABLES:
        same(suite, spark.table(f"shared.share.schema.`{name}`"), name)
    same(suite, spark.sql("SELECT * FROM shared.share.schema.vectors VERSION AS OF 1"), "vectors version 1")
    equal(spark.catalog.tableExists("shared.share.schema.sales"), True)
    equal(spark.catalog.tableExists("shared.share.schema.slaes"), False)
    spark.catalog.setCurrentCatalog("shared")
    try:
        same(suite, spark.table("share.schema.sales"), "sales")
    finally:
        spark.catalog.setCurrentCatalog("spark_catalog")


@check
def time_travel(suite):
    for name in ("sales", "vectors"):
        expected = f"{name} version 1"
        time = suite.expected[f"{name} time of version 1"]
        same(suite, read(suite, name, versionAsOf=1), expected)
        same(suite, read(suite, name, timestampAsOf=time), expected)
        # What a program has is a datetime.
        same(suite, read(suite, name, timestampAsOf=datetime.datetime.fromisoformat(time)), expected)
        table = f"shared.share.schema.{name}"
        same(suite, suite.spark.sql(f"SELECT * FROM {table} TIMESTAMP AS OF '{time}'"), expected)
        same(suite, suite.spark.read.option("versionAsOf", 1).table(table), expected)
        assert suite.rows(expected) != suite.rows(name)


def same_changes(suite, data, name):
    """Without reader features the times are numbers, as upstream's connector has them."""
    if dict(data.dtypes)["_commit_timestamp"] == "bigint":
        data = data.withColumn("_commit_timestamp", F.timestamp_millis("_commit_timestamp"))
    return same(suite, data, name)


@check
def change_feed(suite):
    spark = suite.spark
    bounds = {"startingVersion": 2, "endingVersion": 4}
    for name in ("sales", "vectors"):
        changes = read(suite, name, readChangeFeed=True, **bounds)
        equal(dict(changes.dtypes)["_commit_timestamp"], "bigint" if name == "sales" else "timestamp")
        same_changes(suite, changes, f"{name} changes")
        said = same_changes(suite, read(suite, name, readChangeFeed="true", startingVersion=0), f"{name} all changes")
        of_catalog = spark.read.options(**bounds).table(f"shared.share.schema.{name}.changes")
        same_changes(suite, of_catalog, f"{name} changes")
        kinds = {row[0] for row in changes.select("_change_type").distinct().collect()}
        equal(kinds, {"delete", "update_preimage", "update_postimage", "insert"})
    return said


def to_pandas(suite):
    for name in TABLES:
        suite.same_frame(read(suite, name).toPandas(), name)
    # Spark's own reader of the same files is the judge of pandas' types.
    local = suite.spark.read.parquet(f"{suite.tables}/values").select(*read(suite, "values").columns)
    for nulls in ("true", "l IS NOT NULL"):
        frame, judge = (data.where(nulls).toPandas() for data in (read(suite, "values"), local))
        equal(dict(frame.dtypes), dict(judge.dtypes))
        for column in frame:
            equal({type(value) for value in frame[column]}, {type(value) for value in judge[column]})
    equal([str(kind) for kind in read(suite, "empty").toPandas().dtypes], ["int64", "object", "datetime64[ns]"])
    return " ".join(f"{column}:{kind}" for column, kind in frame.dtypes.items())


@check
def to_pandas_with_arrow(suite):
    with conf(suite, arrow="true"):
        return to_pandas(suite)


@check
def to_pandas_without_arrow(suite):
    with conf(suite, arrow="false"):
        return to_pandas(suite)


@check
def pandas_in_another_time_zone(suite):
    """Pandas shows the session's wall clock; times without a zone stay what they are."""
    zone = zoneinfo.ZoneInfo("America/Los_Angeles")
    zoned = {}
    for row in suite.expected["local_times"]["rows"]:
        if row["zoned"]:
            time = datetime.datetime.fromisoformat(row["zoned"].replace("Z", "+00:00"))
            zoned[row["id"]] = (time.astimezone(zone).replace(tzinfo=None), datetime.datetime.fromisoformat(row["at"]))
    for arrow in ("true", "false"):
        with conf(suite, arrow=arrow, zone="America/Los_Angeles"):
            frame = read(suite, "local_times").where("zoned IS NOT NULL").toPandas()
            actual = {row["id"]: (row["zoned"].to_pydatetime(), row["at"].to_pydatetime()) for row in frame.to_dict("records")}
            equal(actual, zoned)


@check
def arrow_batches(suite):
    """What libraries take that read Arrow from Spark: the private method that toPandas is made of."""
    batches = read(suite, "values").select("l", "amount", "str", "numbers")._collect_as_arrow()
    table = pyarrow.Table.from_batches(batches)
    equal(table.schema.field("amount").type, pyarrow.decimal128(9, 2))
    equal(table.num_rows, len(suite.rows("values")))


@check
def pandas_udfs(suite):
    @F.pandas_udf("double")
    def scaled(amount: pandas.Series) -> pandas.Series:
        return amount.astype("float64") * 2

    @F.pandas_udf("double")
    def highest(amount: pandas.Series) -> float:
        return float(amount.max())

    sales = read(suite, "sales")
    rows = suite.expected["sales"]["rows"]
    doubled = {row.id: row.twice for row in sales.select("id", scaled("amount").alias("twice")).collect()}
    equal(doubled, {row["id"]: float(row["amount"]) * 2 for row in rows})
    top = {row[0]: row[1] for row in sales.groupBy("country").agg(highest("amount")).collect()}
    equal(top, {c: max(float(r["amount"]) for r in rows if r["country"] == c) for c in {r["country"] for r in rows}})


@check
def frames_by_group(suite):
    """applyInPandas: a model for each country, say."""

    def summary(key, frame):
        return pandas.DataFrame([(key[0], len(frame), frame["day"].max())], columns=["country", "orders", "last"])

    rows = suite.expected["sales"]["rows"]
    result = read(suite, "sales").groupBy("country").applyInPandas(summary, "country string, orders long, last date").collect()
    expected = {}
    for row in rows:
        count, last = expected.get(row["country"], (0, ""))
        expected[row["country"]] = (count + 1, max(last, row["day"]))
    equal({row.country: (row.orders, row.last.isoformat()) for row in result}, expected)


@check
def batches_of_arrow_and_pandas(suite):
    def even(batches):
        for batch in batches:
            yield batch.filter(pyarrow.array([value % 2 == 0 for value in batch.column("id").to_pylist()]))

    def odd(frames):
        for frame in frames:
            yield frame[frame["id"] % 2 == 1]

    vectors = read(suite, "vectors")
    expected = sorted(row["id"] for row in suite.expected["vectors"]["rows"])
    rows = vectors.mapInArrow(even, vectors.schema).collect()
    equal(sorted(row.id for row in rows), [i for i in expected if i % 2 == 0])
    rows = vectors.mapInPandas(odd, vectors.schema).collect()
    equal(sorted(row.id for row in rows), [i for i in expected if i % 2 == 1])


@check
def python_rows(suite):
    """The oldest ways: a function on values, and the RDD of rows."""
    upper = F.udf(lambda text: text and text.lower())
    rows = suite.expected["sales"]["rows"]
    sales = read(suite, "sales")
    actual = {row[0] for row in sales.select(upper("country")).distinct().collect()}
    equal(actual, {row["country"] and row["country"].lower() for row in rows})
    equal(sales.rdd.map(lambda row: row.id).sum(), sum(row["id"] for row in rows))


@check
def joins_with_data_of_ones_own(suite):
    names = pandas.DataFrame({"country": ["DE", "FR"], "name": ["Germany", "France"]})
    rows = [row for row in suite.expected["sales"]["rows"] if row["country"] in ("DE", "FR")]
    for mine in (suite.spark.createDataFrame(names), F.broadcast(suite.spark.createDataFrame(names))):
        joined = read(suite, "sales").join(mine, "country").groupBy("name").count().collect()
        expected = {name: sum(row["country"] == code for row in rows) for code, name in names.itertuples(index=False)}
        equal({row.name: row["count"] for row in joined}, expected)


@check
def pandas_on_spark(suite):
    frame = read(suite, "sales").pandas_api()
    sums = frame.groupby("country")["id"].sum().to_pandas().to_dict()
    rows = [row for row in suite.expected["sales"]["rows"] if row["country"]]
    equal(sums, {c: sum(r["id"] for r in rows if r["country"] == c) for c in ("DE", "FR", "JP")})
    equal(len(frame), len(suite.rows("sales")))


@check
def cached_and_written(suite):
    target = f"{suite.scratch}/copy"
    cached = read(suite, "mapped").cache()
    try:
        cached.write.mode("overwrite").parquet(target)
        same(suite, suite.spark.read.parquet(target), "mapped")
        same(suite, cached, "mapped")
    finally:
        cached.unpersist()


def available_now(suite, batches, checkpoint, **options):
    """Runs a stream to the end of what is there; gives the rows of each batch."""
    query = (
        suite.spark.readStream.format("deltaSharing")
        .options(**options)
        .load(suite.path("growing"))
        .writeStream.foreachBatch(lambda data, number: batches.append(data.collect()))
        .option("checkpointLocation", f"{suite.scratch}/{checkpoint}")
        .trigger(availableNow=True)
        .start()
    )
    assert query.awaitTermination(60), query.status
    assert query.exception() is None, query.exception()
    return query


@check
def streams_with_for_each_batch(suite):
    """A job that runs now and then reads each row once. The rows between are written by delta-rs."""
    first, again, third = [], [], []
    query = available_now(suite, first, "checkpoint", maxFilesPerTrigger=1)
    suite.same((row.asDict() for batch in first for row in batch), "growing")
    assert len([batch for batch in first if batch]) > 2, "several batches"
    assert query.recentProgress[0]["sources"][0]["description"].count("share.schema.growing") == 1
    available_now(suite, again, "checkpoint")
    equal([row for batch in again for row in batch], [])
    table = os.path.join(suite.tables, "growing")
    more = pandas.DataFrame({"id": [1000, 1001], "v": [2000, 2002]})
    deltalake.write_deltalake(table, more, mode="append")
    available_now(suite, third, "checkpoint")
    equal(sorted((row.id, row.v) for batch in third for row in batch), [(1000, 2000), (1001, 2002)])
    equal(read(suite, "growing").count(), len(suite.rows("growing")) + 2)


@check
def streams_of_changes(suite):
    target = f"{suite.scratch}/changes"
    query = (
        suite.spark.readStream.format("deltaSharing")
        .options(readChangeFeed=True, startingVersion=2)
        .load(suite.path("vectors"))
        .writeStream.option("checkpointLocation", f"{suite.scratch}/changes-checkpoint")
        .trigger(availableNow=True)
        .start(target)
    )
    assert query.awaitTermination(60) and query.exception() is None, query.exception()
    same(suite, suite.spark.read.parquet(target), "vectors changes")


@check
def credentials_in_options(suite):
    """Without a file: what a job has from its secret store."""
    creds = suite.credentials()
    table = "share.schema.vectors"
    reader = suite.spark.read.format("deltaSharing").options(**creds)
    same(suite, reader.load(table), "vectors")
    same(suite, suite.spark.read.format("deltaSharing").options(**creds, versionAsOf=1).load(table), "vectors version 1")
    query = (
        suite.spark.readStream.format("deltaSharing")
        .options(**creds, readChangeFeed=True, startingVersion=2)
        .load(table)
        .writeStream.format("memory")
        .queryName("credentials")
        .trigger(availableNow=True)
        .start()
    )
    assert query.awaitTermination(60) and query.exception() is None, query.exception()
    same(suite, suite.spark.table("credentials"), "vectors changes")
    suite.spark.catalog.dropTempView("credentials")
    refused = IllegalArgumentException
    wrong = {**creds, "bearerToken": "not-the-token"}
    load = suite.spark.read.format("deltaSharing").options(**wrong).load
    raises(refused, lambda: load(table), table, "401")
    raises(refused, lambda: reader.load(suite.path("vectors")), "profile")
    plan = reader.load(table)._jdf.queryExecution().toString()
    assert creds["bearerToken"] not in plan and "signature=" not in plan, "a secret"


def raises(kind, read, *words):
    """The error is PySpark's; its first line is the connector's sentence, and no line is of a Java trace."""
    try:
        read()
    except Exception as e:
        text = str(e)
        assert isinstance(e, kind), f"{type(e)}: {text}"
        first = text.strip().splitlines()[0]
        for word in words:
            assert word in first, f"{word} is not in: {first}"
        assert "\tat " not in text and len(text) < 1_500, text
        print(f"  {type(e).__name__}: {first}")
        return
    raise AssertionError(f"{words}: no error")


@check
def errors_of_options(suite):
    bad = IllegalArgumentException
    raises(bad, lambda: read(suite, "sales", versionAsOf="soon"), "Option 'versionAsOf' has the value 'soon'")
    raises(bad, lambda: read(suite, "sales", verionAsOf=1), "Option 'verionAsOf' is not known", "'versionAsOf'")
    raises(bad, lambda: read(suite, "sales", versionAsOf=1, timestampAsOf="2024-01-01"), "versionAsOf", "timestampAsOf")
    raises(bad, lambda: read(suite, "sales", versionAsOf=77).count(), "share.schema.sales", "version 77")
    raises(bad, lambda: read(suite, "growing", readChangeFeed=True, startingVersion=0).count(), "share.schema.growing")
    raises(bad, lambda: suite.spark.read.format("deltaSharing").load(), "path")
    raises(bad, lambda: suite.spark.read.format("deltaSharing").load("sales"), "sales")
    schema = suite.spark.read.format("deltaSharing").schema("id long")
    raises(UnsupportedOperationException, lambda: schema.load(suite.path("sales")), "schema")


@check
def errors_of_names(suite):
    raises(IllegalArgumentException, lambda: read(suite, "slaes"), "share.schema.slaes", "404", "sales")
    path = suite.path("sales").replace("#share.", "#shares.")
    raises(IllegalArgumentException, lambda: suite.spark.read.format("deltaSharing").load(path), "shares.schema.sales", "404")
    raises(AnalysisException, lambda: suite.spark.table("shared.share.schema.slaes"), "TABLE_OR_VIEW_NOT_FOUND")
    raises(AnalysisException, lambda: read(suite, "sales").select("amuont"), "amuont", "`amount`")


@check
def errors_of_profiles(suite):
    bad = IllegalArgumentException
    missing = f"{suite.scratch}/none.share"
    raises(bad, lambda: read(suite, "sales", profile=missing), "The profile", "none.share", "does not exist")
    wrong = suite.other_profile("wrong", bearerToken="not-the-token")
    raises(bad, lambda: read(suite, "sales", profile=wrong), "share.schema.sales", "401")
    expired = suite.other_profile("expired", expirationTime="2020-01-01T00:00:00Z")
    raises(bad, lambda: read(suite, "sales", profile=expired), "expired at 2020-01-01")
    nowhere = suite.other_profile("nowhere", endpoint="http://127.0.0.1:9/delta-sharing")
    once = {"numRetries": 0}
    raises(bad, lambda: read(suite, "sales", profile=nowhere, **once), "share.schema.sales", "127.0.0.1:9")
    html = f"{suite.scratch}/html.share"
    with open(html, "w", encoding="utf-8") as file:
        file.write("<html>sign in</html>")
    raises(bad, lambda: read(suite, "sales", profile=html), "html.share")


@check
def errors_of_tasks(suite):
    """A file that is gone. Such errors are Spark's: of a whole job, with a trace. The connector's sentence stands before the
    trace, but not when Arrow converts (PySpark 3.5 then shows how it waited first); the root cause always begins with it.
    """
    gone = read(suite, "gone")
    sentence = "Reading share.schema.gone failed: "
    with conf(suite, arrow="false"):
        for action in (gone.collect, gone.toPandas):
            error = of_task(action)
            before = str(error).split("\tat ")[0]
            assert len(before.splitlines()) == 2 and sentence in before and len(before) < 1_200, before
            assert root(error).startswith(sentence), root(error)
    print("  " + before)
    with conf(suite, arrow="true"):
        assert root(of_task(gone.toPandas)).startswith(sentence)


def of_task(action):
    try:
        action()
    except Py4JJavaError as e:
        return e
    raise AssertionError("read a file that is gone")


def root(error):
    """As docs/python.md has it."""
    cause = error.java_exception
    while cause.getCause() is not None:
        cause = cause.getCause()
    return cause.getMessage()


@check
def errors_of_streams(suite):
    def start(**options):
        query = (
            suite.spark.readStream.format("deltaSharing")
            .options(**options)
            .load(suite.path("sales"))
            .writeStream.format("noop")
            .trigger(availableNow=True)
            .start()
        )
        query.awaitTermination(60)

    raises(StreamingQueryException, lambda: start(startingVersion=0), "share.schema.sales", "version 3", "ignoreChanges")
    raises(StreamingQueryException, lambda: start(versionAsOf=1), "Cannot time travel streams", "share.schema.sales")


@check
def errors_of_writes(suite):
    mine = suite.spark.range(3)
    refused = UnsupportedOperationException
    save = mine.write.format("deltaSharing").mode("append").save
    raises(refused, lambda: save(suite.path("sales")), "share.schema.sales", "read-only")
    delete = "DELETE FROM shared.share.schema.sales WHERE id = 1"
    raises(refused, lambda: suite.spark.sql(delete), "shared.share.schema.sales", "read-only")


@check
def the_client_of_delta_sharing(suite):
    """delta_sharing.load_as_spark finds the connector under the name that it asks for."""
    same(suite, delta_sharing.load_as_spark(suite.path("vectors")), "vectors")
    same(suite, delta_sharing.load_as_spark(suite.path("vectors"), version=1), "vectors version 1")
    changes = delta_sharing.load_table_changes_as_spark(suite.path("vectors"), starting_version=2, ending_version=4)
    same(suite, changes, "vectors changes")


@check
def no_secret_in_plans(suite):
    token = suite.credentials()["bearerToken"]
    for data in (read(suite, "sales"), suite.spark.table("shared.share.schema.sales")):
        plan = data._jdf.queryExecution().toString() + repr(data) + str(data.inputFiles())
        assert token not in plan and "signature=" not in plan, "a secret"


if __name__ == "__main__":
    run(session, lambda suite: suite.spark.stop())
