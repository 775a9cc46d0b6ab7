#!/usr/bin/env bash
# Debian's chromium for the tests of the server's pages, where there is none.
# Never fails: without it those tests skip. Needs root and Debian to install.
set -euo pipefail

INSTALL=240

say() { echo "browser: $*" >&2; }

if command -v chromium >/dev/null || command -v chromium-browser >/dev/null; then
  exit 0
fi
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
  say "there is none, and it cannot be installed here: its tests will skip"
  exit 0
fi
say "installing Debian's chromium"
export DEBIAN_FRONTEND=noninteractive
timeout "$INSTALL" sh -c 'apt-get update -qq || true
  apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core' >/dev/null 2>&1 || say "it cannot be installed: its tests will skip"
