"""A cloud for one test: moto's STS, IAM and S3 on a free port of this machine. It refuses policies that IAM would not take, and checks
signatures and permissions at S3 once it is told to. (Of STS it cannot: it has lost the text of a form when it checks.)

First prints where it is, as JSON. Then answers each line of its input: {"check": true} -> CHECKING; else it judges the policy of the session that was assumed last,
{"action", "resource"} -> PERMITTED, DENIED or NEUTRAL. It knows no condition StringLike. Ends with its input.
"""

import json
import sys

import boto3
import botocore.auth
from moto import settings
from moto.iam.access_control import IAMPolicy
from moto.iam.policy_validation import IAMPolicyDocumentValidator
from moto.server import ThreadedMotoServer
from moto.sts.models import STSBackend

BUCKET = "lake"
assumed = []
assume_role = STSBackend.assume_role


def checked_assume_role(self, *args, **kwargs):
    """Refuses a policy that IAM would not take."""
    role = assume_role(self, *args, **kwargs)
    IAMPolicyDocumentValidator(role.policy).validate()
    assumed.append(role)
    return role


STSBackend.assume_role = checked_assume_role


def allow(actions, resource="*"):
    statement = {"Effect": "Allow", "Action": actions, "Resource": resource}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def main():
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    endpoint = "http://127.0.0.1:%d" % server.get_host_and_port()[1]
    common = dict(
        endpoint_url=endpoint, region_name="us-east-1", aws_access_key_id="root", aws_secret_access_key="root"
    )
    s3 = boto3.client("s3", **common)
    s3.create_bucket(Bucket=BUCKET)
    s3.put_object(Bucket=BUCKET, Key="sales/orders/_delta_log/0.json", Body=b"{}")
    s3.put_object(Bucket=BUCKET, Key="sales/orders-2/_delta_log/0.json", Body=b"{}")
    iam = boto3.client("iam", **common)
    trust = json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}],
        }
    )
    role = iam.create_role(RoleName="recipients", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    iam.put_role_policy(
        RoleName="recipients", PolicyName="read", PolicyDocument=allow(["s3:GetObject", "s3:ListBucket"])
    )
    iam.create_user(UserName="server")
    iam.put_user_policy(UserName="server", PolicyName="assume", PolicyDocument=allow(["sts:AssumeRole"], role))
    key = iam.create_access_key(UserName="server")["AccessKey"]
    # Moto checks by botocore, which never signs this header; others do.
    botocore.auth.SIGNED_HEADERS_BLACKLIST = [h for h in botocore.auth.SIGNED_HEADERS_BLACKLIST if h != "user-agent"]
    where = {
        "endpoint": endpoint,
        "bucket": BUCKET,
        "role": role,
        "accessKeyId": key["AccessKeyId"],
        "secretAccessKey": key["SecretAccessKey"],
    }
    print(json.dumps(where), flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        if asked.get("check"):
            settings.INITIAL_NO_AUTH_ACTION_COUNT = 0
            print("CHECKING", flush=True)
            continue
        policy = IAMPolicy(assumed[-1].policy)
        print(policy.is_action_permitted(asked["action"], asked["resource"]).name, flush=True)


main()
