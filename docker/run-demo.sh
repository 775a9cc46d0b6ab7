#!/usr/bin/env bash
# The demo in containers: checks what can go wrong, builds what is missing, starts, and prints JupyterLab's address.
#
#   docker/run-demo.sh                        a provider with retail tables, a recipient with JupyterLab, a Spark cluster
#   docker/run-demo.sh --profile config.share the recipient alone, with the credential file that your provider sent
#   docker/run-demo.sh --s3                   with an S3 store beside it
#   docker/run-demo.sh --stop                 removes containers, networks and volumes; your notebooks in them too. Images stay
#
#   --no-build      take images and jars as they are
#   DEMO_PORT, PROVIDER_PORT, MASTER_PORT     ports on 127.0.0.1 (8888, 8080, 8081)
#   WHEELS=DIR      a directory inside the repository with the wheels of docker/recipient/requirements.txt, instead of a package index
#   BASE=IMAGE      instead of debian:bookworm-slim
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

project=${DEMO_PROJECT:-delta-sharing-demo}
alone=$project-recipient
export DEMO_PORT=${DEMO_PORT:-8888} PROVIDER_PORT=${PROVIDER_PORT:-8080} MASTER_PORT=${MASTER_PORT:-8081}
image=delta-sharing-recipient:${DEMO_TAG:-demo}

say() { echo "run-demo: $*"; }

fail() {
  echo "run-demo: $1" >&2
  shift
  local line
  for line in "$@"; do echo "          $line" >&2; done
  exit 1
}

usage() {
  sed -n '2,12s/^# \{0,1\}//p' docker/run-demo.sh
  exit "$1"
}

check_engine() {
  command -v docker >/dev/null || fail "there is no 'docker' here." "Install Docker Desktop, or Docker Engine with its compose plugin."
  local answer
  answer=$(docker version --format '{{.Server.Version}}' 2>&1) && return 0
  case $answer in
    *"permission denied"*)
      fail "you may not use Docker's socket." "Add yourself to the group 'docker' (sudo usermod -aG docker \$USER), then log in again." ;;
    *)
      fail "the container engine does not answer: is it running?" "Start Docker Desktop, or: sudo systemctl start docker" "It said: ${answer//$'\n'/ }" ;;
  esac
}

check_compose() {
  if docker compose version >/dev/null 2>&1; then
    compose=(docker compose)
  elif command -v docker-compose >/dev/null; then
    compose=(docker-compose)
  else
    fail "there is no 'docker compose' (version 2) and no 'docker-compose' (1.29) here." "Install the compose plugin of Docker."
  fi
  compose+=(-p "$project" -f docker/compose.yaml)
  [ "$s3" = 0 ] || compose+=(--profile s3)
}

running() { [ -n "$(docker ps -q --filter "label=com.docker.compose.project=$project")$(docker ps -q --filter "name=^$alone\$")" ]; }

check_port() { # name of the variable, what it is for
  if (exec 3<>"/dev/tcp/127.0.0.1/${!1}") 2>/dev/null; then
    fail "port ${!1} of 127.0.0.1, for $2, is taken by another program." "Take another one: $1=$((${!1} + 10)) docker/run-demo.sh"
  fi
}

check_room() {
  local bytes directory free
  bytes=$(docker info --format '{{.MemTotal}}' 2>/dev/null || echo 0)
  if [ "$bytes" -gt 0 ] && [ $((bytes / 1048576)) -lt "${DEMO_MIN_MEMORY_MB:-3500}" ]; then
    fail "the engine has $((bytes / 1048576)) MB of memory; the demo wants ${DEMO_MIN_MEMORY_MB:-3500}." "Give it more (Docker Desktop: Settings, Resources), or set DEMO_MIN_MEMORY_MB lower."
  fi
  # With Docker Desktop this directory is in its virtual machine, and not looked at.
  directory=$(docker info --format '{{.DockerRootDir}}' 2>/dev/null || true)
  [ -d "$directory" ] || return 0
  free=$(($(df -Pk "$directory" | awk 'END { print $4 }') / 1048576))
  if [ "$free" -lt "${DEMO_MIN_DISK_GB:-6}" ]; then
    fail "$free GB are free on the disk of the engine ($directory); images and their build take ${DEMO_MIN_DISK_GB:-6}." "Make room (docker system prune), or set DEMO_MIN_DISK_GB lower if they are built."
  fi
}

check_profile() {
  [ -e "$1" ] || fail "there is no credential file $1." "It is the config.share that your provider's link gives. Without --profile the demo has a provider of its own."
  [ -f "$1" ] || fail "$1 is no file." "A mount of a missing file makes a directory of its name: remove it, and put your provider's config.share there."
  [ -r "$1" ] || fail "you may not read $1." "chmod u+r it, or take your own copy."
}

has_jars() { compgen -G "target/delta-sharing-server-*.jar" >/dev/null && compgen -G "target/delta-sharing-spark-connector-*.jar" >/dev/null && [ -d "${TABLES:-target/quickstart/tables}" ]; }

build_jars() {
  has_jars && return 0
  local log how="They are built by a JDK 17 and Maven: mvn -q -Pquickstart package"
  [ "$build" = 1 ] || fail "there are no jars in target/, or no tables in target/quickstart." "$how"
  local maven=mvn
  command -v mvn >/dev/null || maven=./mvnw
  if ! command -v java >/dev/null || ! command -v "$maven" >/dev/null; then
    fail "there are no jars in target/, and no Java or Maven to build them." "$how"
  fi
  say "building the jars and writing the tables: 2 minutes"
  log=$(mktemp)
  "$maven" -q -B -Pquickstart package >"$log" 2>&1 || fail "the jars could not be built: the log is $log." "$(tail -n 3 "$log")"
  rm -f "$log"
  has_jars || fail "the build made no jars." "$how"
}

# s3proxy for the store, and what Spark needs to reach one.
fetch_s3() {
  export EXTRA_JARS=target/docker/s3/spark
  compgen -G "target/docker/s3/s3proxy-*.jar" >/dev/null && [ "$(compgen -G "$EXTRA_JARS/*.jar" | wc -l)" = 2 ] && return 0
  local maven=mvn artifact log
  command -v mvn >/dev/null || maven=./mvnw
  log=$(mktemp)
  say "fetching the S3 store and Hadoop's client for it: 320 MB"
  for artifact in "org.gaul:s3proxy:2.9.0:jar:jar-with-dependencies s3" "org.apache.hadoop:hadoop-aws:3.3.4 s3/spark" "com.amazonaws:aws-java-sdk-bundle:1.12.262 s3/spark"; do
    "$maven" -q -B dependency:copy "-Dartifact=${artifact% *}" "-DoutputDirectory=target/docker/${artifact#* }" >"$log" 2>&1 ||
      fail "${artifact% *} cannot be had from Maven: the log is $log."
  done
  rm -f "$log"
}

build_images() { # services
  if [ "$build" = 0 ]; then
    docker image inspect "$image" >/dev/null 2>&1 || fail "there is no image $image." "Leave out --no-build once."
    return 0
  fi
  say "building the images ($*): some minutes the first time"
  local log
  log=$(mktemp)
  if ! "${compose[@]}" build "$@" >"$log" 2>&1; then
    tail -n 15 "$log" >&2
    fail "an image could not be built; the whole log is $log." \
      "No base image: is a registry reached? Set BASE to an image that you have." \
      "No Python packages: set WHEELS to a directory of wheels, see docker/README.md." \
      "No space left: docker system prune"
  fi
  rm -f "$log"
}

# Prints what a container said, and ends.
not_started() { # container, its name in messages
  docker logs --tail 15 "$1" >&2 2>&1 || true
  fail "$2 did not start: above is what it said." "Remove what is left: docker/run-demo.sh --stop"
}

await() { # container, name
  local state waited=0
  while :; do
    state=$(docker inspect -f '{{.State.Status}} {{if .State.Health}}{{.State.Health.Status}}{{end}}' "$1" 2>/dev/null || echo gone)
    case $state in
      "running healthy") return 0 ;;
      exited* | dead* | gone*) not_started "$1" "$2" ;;
    esac
    waited=$((waited + 1))
    [ "$waited" -lt "${DEMO_WAIT_SECONDS:-180}" ] || not_started "$1" "$2"
    sleep 1
  done
}

container() { "${compose[@]}" ps -q "$1"; }

start_all() {
  check_port DEMO_PORT JupyterLab
  check_port PROVIDER_PORT "the sharing server"
  check_port MASTER_PORT "the page of Spark's master"
  build_jars
  local services=(provider spark-master spark-worker recipient)
  [ "$s3" = 0 ] || services+=(s3)
  if [ "$s3" = 1 ]; then
    [ "$build" = 0 ] || fetch_s3
    build_images provider spark-master s3
  else
    build_images provider spark-master
  fi
  say "starting"
  local log service
  log=$(mktemp)
  # What is unhealthy shows below, with its own words.
  "${compose[@]}" up -d --no-build "${services[@]}" >"$log" 2>&1 || true
  for service in "${services[@]}"; do
    [ -n "$(container "$service" 2>/dev/null)" ] || { cat "$log" >&2; fail "$service was not made: above is why." "Remove what is left: docker/run-demo.sh --stop"; }
    await "$(container "$service")" "$service"
  done
  rm -f "$log"
  local recipient
  recipient=$(container recipient)
  say "ready: $(docker exec "$recipient" recipient-url)"
  say "a job on the cluster: docker exec ${recipient:0:12} spark-submit --master spark://spark-master:7077 /opt/recipient/examples/read_shared_table.py /run/secrets/config.share#retail.sales.customers"
  say "the master's page: http://127.0.0.1:$MASTER_PORT, the sharing server: http://127.0.0.1:$PROVIDER_PORT/delta-sharing"
  say "stop: docker/run-demo.sh --stop"
}

start_alone() {
  check_profile "$profile"
  check_port DEMO_PORT JupyterLab
  if [ "$build" = 1 ] && ! compgen -G "target/delta-sharing-spark-connector-*.jar" >/dev/null; then build_jars; fi
  build_images spark-master
  # As the file's owner, who may read it; never as root.
  local user
  user=$(stat -c %u:%g "$profile" 2>/dev/null || stat -f %u:%g "$profile")
  case $user in
    0:*)
      user=1000:1000
      [ -n "$(find "$profile" -perm -o=r)" ] ||
        fail "only root may read $profile, and containers here do not run as root." "Give it to whom it belongs: sudo chown \"\$USER\" $profile (as root: chown 1000)"
      ;;
  esac
  say "starting"
  # One that has ended.
  docker rm "$alone" >/dev/null 2>&1 || true
  docker run -d --name "$alone" --user "$user" --read-only --cap-drop ALL --security-opt no-new-privileges --pids-limit 1024 --memory 3g \
    --tmpfs /tmp:exec,mode=1777,size=1g --tmpfs /home/recipient:exec,mode=1777,size=512m \
    -v "$(cd "$(dirname "$profile")" && pwd)/$(basename "$profile"):/run/secrets/config.share:ro" \
    -p "127.0.0.1:$DEMO_PORT:8888" -e PUBLISHED_PORT="$DEMO_PORT" "$image" >/dev/null
  await "$alone" "the recipient"
  say "ready: $(docker exec "$alone" recipient-url)"
  say "stop: docker/run-demo.sh --stop"
}

stop() {
  docker rm -f "$alone" >/dev/null 2>&1 || true
  "${compose[@]}" --profile s3 down -v --remove-orphans >/dev/null 2>&1 || fail "not all could be removed." "See: docker ps -a --filter label=com.docker.compose.project=$project"
  say "stopped: containers, networks and volumes are removed, images stay (docker rmi delta-sharing-provider:demo delta-sharing-recipient:demo)"
}

build=1 s3=0 action=start profile=
while [ $# -gt 0 ]; do
  case $1 in
    --stop) action=stop ;;
    --no-build) build=0 ;;
    --s3) s3=1 ;;
    --profile)
      [ $# -ge 2 ] || usage 2
      profile=$2
      shift
      ;;
    -h | --help) usage 0 ;;
    *) usage 2 ;;
  esac
  shift
done
# Relative to where the caller is, not to the repository.
[ -z "$profile" ] || case $profile in /*) ;; *) profile=${OLDPWD:-.}/$profile ;; esac

check_engine
check_compose
if [ "$action" = stop ]; then
  stop
  exit 0
fi
if running; then
  fail "the demo is running already." "Stop it first: docker/run-demo.sh --stop"
fi
check_room
if [ -n "$profile" ]; then start_alone; else start_all; fi
