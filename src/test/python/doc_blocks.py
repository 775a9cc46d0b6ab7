"""Runs the pieces of Python of the pages as they stand, statement by statement, and demands that what they read has rows.

Takes a file of JSON, a list of pieces with "page", "line" and "text", and a file for the results; pieces of a page share their names, as in a shell
into which they are pasted. Writes "passed <page>:<line>" or "failed <page>:<line>" and why, and exits with 1 if one failed.
"""

import ast
import json
import sys
import traceback

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.streaming import StreamingQuery

LONGEST = 120


def has_rows(value, spark):
    """Fails for a table, a stream or a number without anything in it."""
    if isinstance(value, StreamingQuery):
        assert value.awaitTermination(LONGEST), "the stream does not end"
        assert sum(progress["numInputRows"] for progress in value.recentProgress) > 0, "the stream read no row"
    elif isinstance(value, DataFrame) and value.isStreaming:
        query = value.writeStream.format("memory").queryName("piece").trigger(availableNow=True).start()
        has_rows(query, spark)
    elif isinstance(value, DataFrame):
        assert value.limit(1).collect(), "no rows"
    elif isinstance(value, int) and not isinstance(value, bool):
        assert value > 0, "nothing was counted"
    elif hasattr(value, "to_csv"):
        assert len(value) > 0, "no rows in the pandas frame"


def run(piece, names, spark):
    for statement in ast.parse(piece["text"]).body:
        if isinstance(statement, ast.Expr):
            has_rows(eval(compile(ast.Expression(statement.value), "piece", "eval"), names), spark)
        else:
            exec(compile(ast.Module([statement], []), "piece", "exec"), names)


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        pieces = json.load(file)
    spark = SparkSession.builder.getOrCreate()
    pages, failed = {}, 0
    with open(sys.argv[2], "w", encoding="utf-8") as results:
        for piece in pieces:
            where = f"{piece['page']}:{piece['line']}"
            try:
                run(piece, pages.setdefault(piece["page"], {"spark": spark}), spark)
                print("passed", where, file=results)
            except Exception:
                failed += 1
                print("failed", where, traceback.format_exc(), file=results)
    sys.exit(1 if failed else 0)


main()
