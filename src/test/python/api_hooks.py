"""What Schemathesis does around each request to the server of `api_suite`.

Half of the requests of an operation name what is there, so that it is not 404s alone that are judged; what a request has deleted is
made again. Nothing is excluded: the examples' principal is `ann`, so no operation meets the one that sends the requests.
"""

import collections
import copy
import os

import requests
import schemathesis

ORIGIN = os.environ["API_ORIGIN"]
PROVIDER = ORIGIN + "/api/2.1/opensharing/provider"
TOKEN = os.environ["API_TOKEN"]
THERE = {"share": "sales", "schema": "default", "table": "orders", "recipient": "acme", "publication": "orders", "principal": "ann"}
LINES = b"order_id,amount\n1,9.50\n2\n"

http = requests.Session()
http.headers["Authorization"] = "Bearer " + TOKEN
calls = collections.Counter()
sessions = []


def send(method, path, *expected, **arguments):
    response = http.request(method, PROVIDER + path, timeout=30, **arguments)
    assert response.status_code in expected, f"{method} {path}: {response.status_code} {response.text}"
    return response


def prepare():
    """Makes what the examples name, as far as it is not there."""
    send("POST", "/principals", 201, 409, json={"name": "ann", "role": "EDITOR"})
    send("POST", "/recipients", 201, 409, json={"name": "acme"})
    if http.get(PROVIDER + "/shares/sales/tables/default/orders", timeout=30).status_code != 200:
        send("DELETE", "/publications/orders?purge=true", 204, 404)
        place = "&share=sales&recipients=acme"
        send("POST", "/publications?file_name=orders.csv&on_error=set_aside" + place, 201, data=LINES)
    send("PATCH", "/shares/sales/permissions", 200, json={"changes": [{"recipient_name": "acme", "add": ["SELECT"]}]})


def secret():
    """That of an activation link."""
    issued = send("POST", "/recipients/acme/rotate-token", 200, json={}).json()
    return issued["activation_url"].rsplit("/", 1)[1]


def sign_in():
    response = requests.post(ORIGIN + "/ui/session", json={"token": TOKEN}, timeout=30)
    assert response.status_code == 201, response.text
    return response.cookies["sharing-session"], response.json()["csrf_token"]


# Early: once other tokens were refused often enough, that of the principal has to wait too.
sessions.extend(sign_in() for _ in range(5))
prepare()


@schemathesis.hook
def before_call(context, case, kwargs):
    """Changes every second request of an operation."""
    operation = case.operation.definition.raw["operationId"]
    calls[operation] += 1
    if case.path_parameters.get("principal", "").lower() == "admin":
        case.path_parameters["principal"] = "ann"
    if calls[operation] % 2 == 0:
        return
    # What is changed may be the document's own example.
    case.body, case.query = copy.deepcopy(case.body), dict(case.query or {})
    for name in case.path_parameters:
        case.path_parameters[name] = secret() if name == "secret" else THERE[name]
    fresh = f"fresh {sum(calls.values())}"
    if operation == "beginSession" and calls[operation] == 1:
        case.body = {"token": TOKEN}
    elif operation in ("getSession", "endSession") and sessions:
        session, csrf = sessions.pop() if operation == "endSession" else sessions[0]
        case.cookies = {"sharing-session": session}
        case.headers = {**case.headers, "X-CSRF-Token": csrf}
    elif operation == "adminCreatePublication" and "name" in case.query:
        case.query["name"] = fresh
    elif operation in ("adminCreateShare", "adminCreateRecipient", "adminCreatePrincipal"):
        if isinstance(case.body, dict) and case.body.get("name") in THERE.values():
            case.body["name"] = fresh
    elif operation in ("adminUpdateShare", "adminUpdateRecipient") and isinstance(case.body, dict):
        # It stays as it is.
        case.body.pop("name", None)
        point(case.body, fresh)


def point(body, alias):
    """Has a share's example name a table that is there."""
    updates = body.get("updates")
    if isinstance(updates, list) and "/data/shop/orders" in str(updates):
        there = send("GET", "/publications/orders", 200).json()["storage_location"]
        for added in (update["data_object"] for update in updates):
            added.update(storage_location=there, shared_as="shop." + alias)


@schemathesis.hook
def after_call(context, case, response):
    if case.method == "DELETE" and response.status_code == 204:
        prepare()
