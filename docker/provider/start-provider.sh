#!/usr/bin/env bash
# Shares every table under /tables as retail.sales.<directory>, and writes the recipients' credential files:
#   /credentials/config.share   for those on the provider's network
#   /credentials/host.share     for programs on the host, which reach the published port
# Token and signing key are random, made once, and in files of /var/lib/provider only. The server knows one token, so both files hold it.
set -euo pipefail
umask 077
state=/var/lib/provider
credentials=/credentials

random() { head -c 32 /dev/urandom | base64 -w 0 | tr '+/' '-_' | tr -d '='; }

# Whole or not at all: recipients wait for the file.
write() {
  cat >"$1.new"
  # Recipients have the group, 1000.
  chmod "$2" "$1.new"
  mv "$1.new" "$1"
}

[ -s "$state/token" ] || random | write "$state/token" 600
[ -s "$state/signing-key" ] || random | write "$state/signing-key" 600
token=$(cat "$state/token")

{
  printf 'version: 1\nsigningKeyFile: %s/signing-key\nauthorization:\n  bearerToken: %s\n' "$state" "$token"
  printf 'shares:\n- name: retail\n  displayName: Retail, made from row numbers\n  schemas:\n  - name: sales\n    tables:\n'
  for table in /tables/*/; do
    printf '    - name: %s\n      location: %s\n      historyShared: true\n' "$(basename "$table")" "${table%/}"
  done
} | write "$state/share.yaml" 600

profile() {
  printf '{\n  "shareCredentialsVersion": 1,\n  "endpoint": "%s",\n  "bearerToken": "%s"\n}\n' "$1" "$token"
}
profile "http://${PROVIDER_HOST:-provider}:8080/delta-sharing" | write "$credentials/config.share" 640
profile "http://127.0.0.1:${PUBLISHED_PORT:-8080}/delta-sharing" | write "$credentials/host.share" 640

exec java -XX:MaxRAMPercentage=70 -jar /opt/delta-sharing-server.jar --config "$state/share.yaml" --host 0.0.0.0 --port 8080
