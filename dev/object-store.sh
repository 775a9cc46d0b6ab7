#!/usr/bin/env bash
# An S3 store of this machine with the quick start's tables, and the sharing server before it, until this is interrupted:
# docs/object-storage.md. Needs what "mvn -q -Pquickstart package" has made.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

tables=target/quickstart/tables directory=target/object-store s3proxy=target/s3proxy
fail() { echo "object-store: $1" >&2; exit 1; }
random() { head -c 60 /dev/urandom | base64 -w 0 | tr -d '+/=' | cut -c "1-$1"; }

[ -d $tables ] || fail "there is no $tables. Run: mvn -q -Pquickstart package"
server=$(compgen -G "target/delta-sharing-server-*.jar" | head -1) || fail "there is no jar of the server in target. Run: mvn -q -Pquickstart package"
maven=mvn
command -v mvn >/dev/null || maven=./mvnw
compgen -G "$s3proxy/s3proxy-*.jar" >/dev/null ||
  $maven -q -B dependency:copy -Dartifact=org.gaul:s3proxy:2.9.0:jar:jar-with-dependencies -DoutputDirectory=$s3proxy
mkdir -p $directory
umask 077

coproc STORE { exec java -DLOG_LEVEL=error -cp "$(echo $s3proxy/s3proxy-*.jar)" src/s3store/java/S3StoreMain.java; }
store=$STORE_PID sharing=
# Those of a coprocess are closed in subshells.
exec {from}<&"${STORE[0]}" {to}>&"${STORE[1]}"
trap 'kill $sharing "$store" 2>/dev/null || true' EXIT
answer() {
  local line
  while read -r line <&"$from"; do
    case $line in
      "> failed"*) fail "the store: ${line#> failed }" ;;
      "> "*) echo "${line#> }" && return ;;
    esac
  done
  fail "the store has ended"
}
tell() { printf '%s\t' "$@" | sed 's/\t$/\n/' >&"$to"; answer >/dev/null; }

port=$(answer)
endpoint=http://127.0.0.1:${port#port }
key=AKIA$(random 16) secret=$(random 40) token=$(random 40)
tell bucket lake
tell key "$key" "$secret" lake
tell copy lake sales/ "$PWD/$tables"

{
  cat <<END
version: 1
port: 0
authorization: {bearerToken: $token}
storage:
- prefix: s3a://lake
  hadoop:
    fs.s3a.endpoint: $endpoint
    fs.s3a.endpoint.region: us-east-1
    fs.s3a.path.style.access: "true"
    fs.s3a.access.key: $key
    fs.s3a.secret.key: $secret
  accessModes: [url, dir]
  credentials: {type: static, accessKeyId: $key, secretAccessKey: $secret}
shares:
- name: lake
  schemas:
  - name: sales
    tables:
END
  for table in "$tables"/*/_delta_log; do
    name=$(basename "$(dirname "$table")")
    echo "    - {name: $name, location: s3a://lake/sales/$name, historyShared: true}"
  done
} >$directory/share.yaml

: >$directory/server.out
java -Xmx512m -jar "$server" --config $directory/share.yaml >$directory/server.out 2>$directory/server.log &
sharing=$!
until grep -q '^listening on ' $directory/server.out; do
  kill -0 $sharing 2>/dev/null || fail "the server did not start: $directory/server.log says why"
  sleep 0.2
done
line=$(head -1 $directory/server.out)
printf '{"shareCredentialsVersion":1,"endpoint":"%s","bearerToken":"%s"}\n' "${line#listening on }" "$token" >$directory/config.share
echo "The store is $endpoint, bucket lake. The recipient's profile is $directory/config.share. Ctrl-C ends both."
wait $sharing
