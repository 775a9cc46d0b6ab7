#!/usr/bin/env bash
# healthcheck PORT PATH [STATUS]: whether GET http://127.0.0.1:PORT/PATH has this status, 200 unless given. Debian's slim image has no curl.
set -euo pipefail
exec 3<>"/dev/tcp/127.0.0.1/$1"
printf 'GET %s HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n' "$2" >&3
read -r _ status _ <&3
[ "$status" = "${3:-200}" ]
