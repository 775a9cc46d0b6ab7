#!/usr/bin/env bash
# PostgreSQL for the tests of the server's store, from Debian's package, where there is none. The tests start a server of their own: none is started here.
# Never fails: without it those tests skip. Needs root and Debian to install.
set -euo pipefail

POLICY=/usr/sbin/policy-rc.d
INSTALL=120

say() { echo "postgresql: $*" >&2; }

if compgen -G "/usr/lib/postgresql/*/bin/initdb" >/dev/null || command -v initdb >/dev/null; then
  exit 0
fi
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
  say "there is none, and it cannot be installed here: its tests will skip"
  exit 0
fi
say "installing Debian's postgresql"
export DEBIAN_FRONTEND=noninteractive
made=
# The package must not start a server of its own.
if [ ! -e "$POLICY" ]; then
  made=1
  printf '#!/bin/sh\nexit 101\n' >"$POLICY" && chmod 755 "$POLICY"
fi
timeout "$INSTALL" sh -c 'apt-get update -qq || true
  apt-get install -y -qq --no-install-recommends postgresql' >/dev/null 2>&1 || say "it cannot be installed: its tests will skip"
[ -z "$made" ] || rm -f "$POLICY"
