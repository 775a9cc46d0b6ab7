"""A recipient with Delta Sharing's own client in Python: reads what each line of the input names, as long as lines come.

A line is JSON with "table", a path of a profile and a table, and "delta", whether to ask for the delta format. Its answer is a line of
JSON with "rows", or with the "status" that the server refused it with.
"""

import json
import sys

import delta_sharing
import pandas
import requests


def rows(table, delta):
    frame = delta_sharing.load_as_pandas(table, use_delta_format=delta)
    return ["|".join("null" if pandas.isna(value) else str(value) for value in row) for row in frame.itertuples(index=False)]


def answer(request):
    try:
        return {"rows": sorted(rows(request["table"], request["delta"]))}
    except requests.HTTPError as e:
        return {"status": e.response.status_code}


print("ready", flush=True)
for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), flush=True)
