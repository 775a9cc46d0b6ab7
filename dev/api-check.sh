#!/bin/sh
# Compares the public API (types marked @PublicApi) with that of the last release, and fails where programs of users would not
# compile or link any more. The last release is the newest tag v*, or the commit, branch or tag in the first argument.
set -eu
cd "$(dirname "$0")/.."
last="${1:-$(git describe --tags --abbrev=0 --match 'v*' 2>/dev/null || true)}"
if [ -z "$last" ]; then
  echo "SKIPPED: there is no tag v* yet, so no release to compare the API with."
  exit 0
fi
baseline="$PWD/target/api-baseline"
rm -rf "$baseline"
mkdir -p "$baseline/checkout"
git archive "$last" | tar -x -C "$baseline/checkout"
echo "Comparing the public API with $last"
classes_of() {
  ./mvnw -B -ntp -q -f "$1/pom.xml" -Dspotless.check.skip compile
  (cd "$1/target/classes" && jar --create --file "$2" io)
}
classes_of "$baseline/checkout" "$baseline/last.jar"
classes_of "$PWD" "$baseline/new.jar"
./mvnw -B -ntp -q -Papi-check -Dspotless.check.skip "-Dapi.last=$baseline/last.jar" "-Dapi.new=$baseline/new.jar" process-classes
echo "The public API of $last is whole. What was added: target/japicmp/api.html"
