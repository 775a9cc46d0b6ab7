#!/usr/bin/env bash
# A container engine for machines that have none, where the tests of docker/ are to run: Debian's docker.io, docker-compose and
# mmdebstrap, a daemon with its own socket and directory, and debian:bookworm-slim made from Debian's packages if no registry is reached.
#
#   dev/container-engine.sh start [DIRECTORY]   prints "export DOCKER_HOST=…" lines for eval, or nothing and why on stderr; exit 0
#   dev/container-engine.sh stop [DIRECTORY]    stops that daemon and deletes its images
#
# An engine that answers already is left alone. "start" never fails: without an engine the tests skip. Needs root and Debian to install.
set -euo pipefail

BASE=debian:bookworm-slim
POLICY=/usr/sbin/policy-rc.d
policy_made=
command=${1:-}
directory=${2:-${CONTAINER_ENGINE:-/var/tmp/delta-sharing-engine}}
socket=$directory/docker.sock
# How many seconds each step may take; all together take 100 on a machine with its packages near.
INSTALL=180 DAEMON=30 PULL=20 BOOTSTRAP=180

say() { echo "container-engine: $*" >&2; }

give_up() {
  say "$*: tests that need an engine will skip"
  exit 0
}

answers() { timeout 10 docker "$@" version >/dev/null 2>&1; }

remove_policy() {
  [ -z "$policy_made" ] || rm -f "$POLICY"
  policy_made=
}

# What a step said last.
last() { tail -n 1 "$directory/$1.log" 2>/dev/null || true; }

install_packages() {
  command -v dockerd >/dev/null && command -v iptables >/dev/null && command -v docker-compose >/dev/null && return 0
  [ "$(id -u)" = 0 ] || give_up "no engine answers, and only root may install one"
  command -v apt-get >/dev/null || give_up "no engine answers, and this is no Debian to install one on"
  say "installing docker.io"
  export DEBIAN_FRONTEND=noninteractive
  # The packages must not start a daemon of their own.
  if [ ! -e "$POLICY" ]; then
    policy_made=1
    printf '#!/bin/sh\nexit 101\n' >"$POLICY" && chmod 755 "$POLICY"
  fi
  local ok=0
  if ! timeout "$INSTALL" sh -c 'apt-get update -qq || true
      apt-get install -y -qq --no-install-recommends docker.io docker-compose iptables mmdebstrap' >"$directory/install.log" 2>&1; then
    ok=1
  fi
  remove_policy
  [ "$ok" = 0 ] || give_up "docker.io cannot be installed ($(last install))"
}

start_daemon() {
  say "starting dockerd in $directory"
  echo "{}" >"$directory/daemon.json"
  # Without the descriptors of whoever started this: a lock, for example, would be held as long as the daemon runs.
  local open
  for open in /proc/self/fd/*; do
    open=${open##*/}
    [ "$open" -le 2 ] || [ "$open" = 255 ] || eval "exec $open>&-" 2>/dev/null || true
  done
  setsid dockerd --host "unix://$socket" --data-root "$directory/data" --exec-root "$directory/exec" --pidfile "$directory/dockerd.pid" \
    --config-file "$directory/daemon.json" --storage-driver "$1" >"$directory/dockerd.log" 2>&1 </dev/null &
  local waited=0
  until answers --host "unix://$socket"; do
    sleep 1
    waited=$((waited + 1))
    if [ "$waited" -ge "$DAEMON" ] || ! kill -0 $! 2>/dev/null; then
      stop_daemon
      return 1
    fi
  done
}

make_base() {
  docker --host "unix://$socket" image inspect "$BASE" >/dev/null 2>&1 && return 0
  timeout "$PULL" docker --host "unix://$socket" pull -q "$BASE" >"$directory/pull.log" 2>&1 && return 0
  say "no registry ($(last pull | cut -c 1-120)); making $BASE from Debian's packages"
  local tar=$directory/base.tar
  command -v mmdebstrap >/dev/null || give_up "mmdebstrap is missing"
  timeout "$BOOTSTRAP" mmdebstrap --quiet --variant=minbase --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
    bookworm "$tar" >"$directory/bootstrap.log" 2>&1 || { stop_daemon; give_up "$BASE cannot be made ($(last bootstrap))"; }
  docker --host "unix://$socket" import -c 'CMD ["bash"]' "$tar" "$BASE" >/dev/null
  rm -f "$tar"
}

stop_daemon() {
  local pid
  pid=$(cat "$directory/dockerd.pid" 2>/dev/null || true)
  if [ -n "$pid" ] && kill "$pid" 2>/dev/null; then
    for _ in $(seq 1 60); do
      kill -0 "$pid" 2>/dev/null || break
      sleep 0.5
    done
    kill -9 "$pid" 2>/dev/null || true
  fi
}

case $command in
  start)
    # Ended by whoever started this: once the step that runs is done, and packages may start their daemons again.
    trap 'exit 143' TERM INT
    trap remove_policy EXIT
    if answers; then
      say "the engine that answers is used"
      exit 0
    fi
    mkdir -p "$directory" && chmod 700 "$directory"
    if ! answers --host "unix://$socket"; then
      install_packages
      [ "$(id -u)" = 0 ] || give_up "no engine answers, and only root may start one"
      start_daemon overlay2 || start_daemon vfs || give_up "dockerd does not start ($(last dockerd))"
    fi
    make_base
    printf 'export DOCKER_HOST=%q\n' "unix://$socket"
    # A client that is newer than the daemon asks for a builder that Debian does not have.
    printf 'export DOCKER_BUILDKIT=0\n'
    ;;
  stop)
    [ -d "$directory" ] || exit 0
    stop_daemon
    # A daemon leaves its bridge and its rules.
    if ! answers && [ "$(id -u)" = 0 ] && command -v iptables-save >/dev/null; then
      iptables-save | grep -v -i docker | iptables-restore || true
      ip link delete docker0 2>/dev/null || true
    fi
    # What a killed daemon left mounted must not be walked through.
    { grep -o " $directory/[^ ]*" /proc/mounts || true; } | sort -r | while read -r mount; do umount -l "$mount" || true; done
    rm -rf "$directory"
    ;;
  *)
    sed -n '2,8s/^# \{0,1\}//p' "$0"
    exit 2
    ;;
esac
