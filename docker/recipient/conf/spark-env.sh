#!/usr/bin/env bash
# Java gives up on a user id without a name ("invalid null input: name"): docker run --user "$(id -u):$(id -g)" shall work.
if ! getent passwd "$(id -u)" >/dev/null; then
  NSS_WRAPPER_PASSWD=/tmp/.passwd-$(id -u) NSS_WRAPPER_GROUP=/tmp/.group-$(id -u)
  echo "recipient:x:$(id -u):$(id -g):recipient:$HOME:/bin/bash" >"$NSS_WRAPPER_PASSWD"
  echo "recipient:x:$(id -g):" >"$NSS_WRAPPER_GROUP"
  LD_PRELOAD=libnss_wrapper.so
  export NSS_WRAPPER_PASSWD NSS_WRAPPER_GROUP LD_PRELOAD
fi
