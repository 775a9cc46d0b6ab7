"""What the suites of readers in Python have in common: rows that are compared with those of Delta Lake."""

import datetime
import decimal
import json
import struct

import pandas

import checks
from checks import check, equal

class Suite:
    """What the Java side wrote: the profile of a server, and what Delta Lake reads of its tables."""

    def __init__(self, arguments):
        self.profile = arguments.profile
        self.tables = arguments.tables
        self.scratch = arguments.scratch
        self.connector = arguments.connector
        with open(f"{arguments.tables}/expected.json", encoding="utf-8") as file:
            self.expected = json.load(file)

    def path(self, table, profile=None):
        return f"{profile or self.profile}#share.schema.{table}"

    def credentials(self, **changes):
        """The profile's fields, some of them others."""
        with open(self.profile, encoding="utf-8") as file:
            return {**json.load(file), **changes}

    def other_profile(self, name, **changes):
        path = f"{self.scratch}/{name}.share"
        with open(path, "w", encoding="utf-8") as file:
            json.dump(self.credentials(**changes), file)
        return path

    def fields(self, name):
        return {field["name"]: field["type"] for field in self.expected[name]["schema"]["fields"]}

    def rows(self, name):
        """Delta Lake's, comparable."""
        fields = self.fields(name)
        return sorted(
            (json.dumps({c: _sorted(row[c], fields[c]) for c in fields}, sort_keys=True) for row in self.expected[name]["rows"])
        )

    def same(self, records, name, nan_is_null=False):
        """Records (dictionaries by column) are Delta Lake's rows of that name."""
        fields = self.fields(name)
        expected = self.rows(name)
        if nan_is_null:
            expected = [row.replace('"NaN"', "null") for row in expected]
        assert expected, f"{name} would compare nothing"
        actual = sorted(
            json.dumps({c: plain(record[c], fields[c], nan_is_null) for c in fields}, sort_keys=True) for record in records
        )
        if actual != expected:
            more = [row for row in actual if row not in set(expected)][:2]
            less = [row for row in expected if row not in set(actual)][:2]
            raise AssertionError(f"{name}: {len(actual)} rows, Delta Lake has {len(expected)}\nmore: {more}\nless: {less}")
        return f"{len(actual)} rows"

    def some(self, records, name):
        """Records are some of Delta Lake's rows."""
        fields, rows = self.fields(name), self.rows(name)
        for record in records:
            rows.remove(json.dumps({c: plain(record[c], fields[c], True) for c in fields}, sort_keys=True))

    def same_frame(self, frame, name):
        """The same of a pandas DataFrame, in which NaN is how nulls of numbers look."""
        equal(list(frame.columns), list(self.fields(name)))
        return self.same(frame.to_dict("records"), name, nan_is_null=True)


def _sorted(value, kind):
    """Maps have no order: their pairs are sorted, however deep they lie."""
    if value is None or isinstance(kind, str):
        return value
    if kind["type"] == "struct":
        return {f["name"]: _sorted(value[f["name"]], f["type"]) for f in kind["fields"]}
    if kind["type"] == "array":
        return [_sorted(item, kind["elementType"]) for item in value]
    return _pairs([(k, _sorted(v, kind["valueType"])) for k, v in value])


def _pairs(pairs):
    return sorted(([k, v] for k, v in pairs), key=json.dumps)


def plain(value, kind, nan_is_null=False):
    """A value of Python, numpy or pandas as JsonRows of the Java side has it, by Spark's type of it."""
    if isinstance(kind, dict):
        return _nested(value, kind, nan_is_null)
    if value is None or value is pandas.NaT or value is pandas.NA:
        return None
    if kind in ("float", "double"):
        return _bits(float(value), nan_is_null)
    if nan_is_null and isinstance(value, float) and value != value:
        return None
    if kind in ("byte", "short", "integer", "long"):
        assert int(value) == value, value
        return int(value)
    if kind == "boolean":
        assert value in (True, False), value
        return bool(value)
    if kind.startswith("decimal"):
        assert isinstance(value, decimal.Decimal), type(value)
        return f"{value:f}"
    if kind == "binary":
        return bytes(value).hex()
    if kind == "date":
        assert isinstance(value, datetime.date) and not isinstance(value, datetime.datetime), type(value)
        return value.isoformat()
    if kind.startswith("timestamp"):
        return _time(value, kind)
    assert kind == "string" and isinstance(value, str), (kind, type(value))
    return value


def _nested(value, kind, nan_is_null):
    if value is None or (isinstance(value, float) and value != value):
        return None
    if kind["type"] == "struct":
        get = value.__getitem__
        return {f["name"]: plain(get(f["name"]), f["type"], nan_is_null) for f in kind["fields"]}
    if kind["type"] == "array":
        return [plain(item, kind["elementType"], nan_is_null) for item in value]
    pairs = value.items() if hasattr(value, "items") else value
    return _pairs(
        [(plain(k, kind["keyType"], nan_is_null), plain(v, kind["valueType"], nan_is_null)) for k, v in pairs]
    )


def _bits(number, nan_is_null):
    if number != number:
        return None if nan_is_null else "7ff8000000000000"
    return struct.pack(">d", number).hex()


def _time(value, kind):
    if not isinstance(value, datetime.datetime):
        value = pandas.Timestamp(value)
    if value.tzinfo is not None:
        value = value.astimezone(datetime.timezone.utc).replace(tzinfo=None)
    return value.strftime("%Y-%m-%dT%H:%M:%S.%f") + ("" if kind == "timestamp_ntz" else "Z")


def run(start, stop=lambda suite: None):
    """Runs all checks, or those that are named."""
    checks.run(("profile", "tables", "scratch", "connector"), lambda arguments: start(Suite(arguments)), stop)
