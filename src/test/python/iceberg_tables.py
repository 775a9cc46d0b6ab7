"""Reads shared tables with Delta Sharing's own client in Python: `iceberg_tables.py PROFILE FORMAT TABLE...` prints, as JSON, the
columns id and name of each table's rows, or the error. FORMAT is parquet or delta.
"""

import json
import sys

import delta_sharing


def rows(path, delta):
    frame = delta_sharing.load_as_pandas(path, use_delta_format=delta)
    found = [[int(row["id"]), row["name"] if isinstance(row["name"], str) else None] for _, row in frame.iterrows()]
    return sorted(found, key=str)


def main():
    profile, response_format = sys.argv[1:3]
    result = {}
    for table in sys.argv[3:]:
        try:
            result[table] = rows(f"{profile}#share.schema.{table}", response_format == "delta")
        except Exception as error:  # whatever the client makes of a refusal
            result[table] = f"{type(error).__name__}: {error}"
    print(json.dumps(result))


main()
