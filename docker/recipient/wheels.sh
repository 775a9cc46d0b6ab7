#!/usr/bin/env bash
# wheels.sh DIRECTORY: downloads the wheels of requirements.txt, for Debian 12's Python 3.11 and this machine's kind of processor, to build the
# recipient image where its build reaches no package index (or to build it again without one). Needs pip; PIP names another one.
set -euo pipefail
directory=${1:?which directory?}
requirements=$(dirname "${BASH_SOURCE[0]}")/requirements.txt
read -r -a pip <<<"${PIP:-python3 -m pip}"
mkdir -p "$directory"
# Of pyspark the index has the sources only.
[ -n "$(compgen -G "$directory/pyspark-*.whl")" ] ||
  "${pip[@]}" wheel -q --no-deps --wheel-dir "$directory" "$(grep '^pyspark==' "$requirements")"
platforms=()
for glibc in manylinux_2_28 manylinux_2_17 manylinux2014; do platforms+=(--platform "${glibc}_$(uname -m)"); done
"${pip[@]}" download -q --no-deps --only-binary=:all: --python-version 3.11.2 "${platforms[@]}" --platform any \
  --find-links "$directory" --dest "$directory" -r "$requirements"
