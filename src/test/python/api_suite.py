"""The API's document judged by tools that nobody here wrote: openapi-spec-validator says whether it is one, jsonschema whether its
examples are what it says, and Schemathesis sends each operation what its schemas allow and what they do not, and holds each response
against it.
"""

import collections
import json
import os
import re
import subprocess
import sys

import jsonschema
import openapi_spec_validator
import requests

import checks
from checks import check

# Requests of each operation that are made up at random, besides those for each of its limits.
RANDOM = 2
CHECKS = [
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
    "response_headers_conformance",
    "unsupported_method",
    "allow_header_conformance",
]

# The server has no configuration file.
WITHOUT_SUCCESS = {"POST /api/2.1/opensharing/provider/reload"}


class Suite:
    def __init__(self, arguments):
        self.origin = arguments.origin
        self.scratch = arguments.scratch
        with open(arguments.token_file, encoding="utf-8") as file:
            self.token = file.read().strip()
        self.document = requests.get(self.origin + "/api-docs", timeout=30).json()

    def operations(self):
        for path, item in self.document["paths"].items():
            for method, operation in item.items():
                if method != "parameters":
                    yield f"{method.upper()} {path}", operation, item.get("parameters", [])


def described(operation, parameters):
    """What may have an example: parameters, and each type of a body."""
    for parameter in operation.get("parameters", []) + parameters:
        yield parameter["name"], parameter
        yield from parameter.get("content", {}).items()
    yield from operation.get("requestBody", {}).get("content", {}).items()


@check
def document(suite):
    openapi_spec_validator.validate(suite.document)


@check
def examples(suite):
    found = 0
    for name, operation, parameters in suite.operations():
        for what, place in described(operation, parameters):
            if "example" in place:
                schema = {**place["schema"], "components": suite.document["components"]}
                try:
                    jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker()).validate(place["example"])
                except jsonschema.ValidationError as problem:
                    raise AssertionError(f"{name}, {what}: {problem.message}") from problem
                found += 1
        body = operation.get("requestBody", {}).get("content", {}).get("application/json")
        assert body is None or "example" in body, f"{name} has no example"
    assert found > 50, found
    return f"{found} examples"


@check
def operations(suite):
    report = os.path.join(suite.scratch, "schemathesis.ndjson")
    with open("schemathesis.toml", "w", encoding="utf-8") as file:
        file.write('headers = { Authorization = "Bearer ${API_TOKEN}" }\n[phases.coverage]\nunexpected-methods = ["PUT", "TRACE"]\n')
    # From where it is served it would not be tested.
    with open("api.json", "w", encoding="utf-8") as file:
        json.dump(suite.document, file)
    command = [sys.executable, "-m", "schemathesis.cli", "run", "api.json", "--url=" + suite.origin]
    command += ["--phases=examples,coverage,fuzzing", "--checks=" + ",".join(CHECKS), f"--max-examples={RANDOM}"]
    command += ["--generation-deterministic", "--continue-on-failure", "--no-color"]
    command += ["--report=ndjson", "--report-ndjson-path=" + report]
    environment = {
        **os.environ,
        "API_ORIGIN": suite.origin,
        "API_TOKEN": suite.token,
        "SCHEMATHESIS_HOOKS": "api_hooks",
        "PYTHONPATH": os.path.dirname(os.path.abspath(__file__)),
    }
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=480)
    said = re.sub(r"(?s)=+ WARNINGS =+.*?(=+ SUMMARY)", r"\1", ran.stdout) + ran.stderr
    assert ran.returncode == 0, said
    judged, statuses, cases = collections.Counter(), collections.defaultdict(collections.Counter), 0
    with open(report, encoding="utf-8") as file:
        for scenario in (event.get("ScenarioFinished") for event in map(json.loads, file)):
            if scenario and "cases" in scenario["recorder"]:
                recorder = scenario["recorder"]
                cases += len(recorder["cases"])
                for results in recorder["checks"].values():
                    assert all(result["status"] == "success" for result in results), results
                    judged[recorder["label"]] += len(results)
                for interaction in recorder["interactions"].values():
                    statuses[recorder["label"]][interaction["response"]["status_code"]] += 1
    names = [name for name, _, _ in suite.operations()]
    idle = [name for name in names if judged[name] == 0]
    assert not idle and names, f"nothing was judged of {idle}\n{said}"
    refused = {name for name in names if not any(status < 300 for status in statuses[name])}
    for name in names:
        print(f"  {name}: {dict(sorted(statuses[name].items()))}")
    assert refused == WITHOUT_SUCCESS, f"none of these succeeded: {refused}"
    return f"{len(names)} operations, {cases} requests, {sum(judged.values())} checks"


checks.run(["origin", "token-file", "scratch"], Suite)
