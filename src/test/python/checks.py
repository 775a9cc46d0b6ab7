"""What all suites in Python have in common: checks by name.

A suite prints what it does, and writes into the file --results the names of its checks, then a line of JSON for each when it is
done: name, what a transcript says of it, and its problem or "".
"""

import argparse
import json
import sys
import time
import traceback

CHECKS = []


def check(function):
    """A function that takes a suite and fails if something is wrong. What it returns is said beside its name."""
    CHECKS.append(function)
    return function


def equal(actual, expected):
    if actual != expected:
        raise AssertionError(f"{str(actual)[:600]}\nis not\n{str(expected)[:600]}")


def run(options, start, stop=lambda suite: None):
    """Runs all checks, or those that are named; all options must be given."""
    parser = argparse.ArgumentParser()
    for name in (*options, "results"):
        parser.add_argument("--" + name, required=True)
    parser.add_argument("checks", nargs="*")
    arguments = parser.parse_args()
    suite = start(arguments)
    failed = 0
    with open(arguments.results, "w", encoding="utf-8") as results:
        names = [function.__name__ for function in CHECKS]
        chosen = arguments.checks or names
        assert set(chosen) <= set(names) and len(set(names)) == len(names), names
        print(json.dumps(chosen), file=results, flush=True)
        for function in (f for f in CHECKS if f.__name__ in chosen):
            began = time.time()
            try:
                said, problem = function(suite) or "", ""
            except Exception:
                failed += 1
                said, problem = "", traceback.format_exc()
            line = f"{'failed' if problem else 'passed'} {function.__name__} {time.time() - began:.1f} s  {said}".rstrip()
            print(line, problem, flush=True)
            result = {"name": function.__name__, "line": line, "problem": problem}
            print(json.dumps(result), file=results, flush=True)
    stop(suite)
    sys.exit(1 if failed else 0)
