#!/usr/bin/env bash
# Functions for scripts that test a server on the loopback: cores, ports, server, metrics. Sourced.
# Sets: server_core load_core (share_cores), port (free_port), server (start_server: its pid).
# shellcheck disable=SC2034

say() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }

# The pids of all started programs, which the script's trap ends.
children=() server='' operations=${operations:-}
end_children() {
  local pid
  for pid in "${children[@]}"; do kill "$pid" 2>/dev/null || true; done
  for pid in "${children[@]}"; do wait "$pid" 2>/dev/null || true; done
  children=()
}

# The server gets the first core that this process may use, and the load the second.
share_cores() {
  local have
  mapfile -t have < <(taskset -cp $$ | sed 's/.*: //' | tr ',' '\n' |
    awk -F- '{ for (i = $1; i <= (NF > 1 ? $2 : $1); ++i) print i }')
  server_core=${have[0]} load_core=${have[1]:-${have[0]}}
  [ ${#have[@]} -ge 2 ] || say "one core only: the figures say little"
}

listening() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

free_port() {
  local try
  for try in {1..100}; do
    port=$((20000 + (RANDOM + try) % 10000))
    listening "$port" || return 0
  done
  say "no free port between 20000 and 30000"
  return 1
}

# start_server LOG PROGRAM OPTION...: starts the server on its core; waits until $operations is ready.
start_server() {
  local log=$1 tries
  shift
  taskset -c "$server_core" "$@" >"$log" 2>&1 &
  server=$!
  children+=("$server")
  for tries in {1..100}; do
    if listening "$operations" && http /readyz | grep -q '^ready'; then return 0; fi
    kill -0 "$server" 2>/dev/null || break
    sleep 0.05  # no event tells when the listener is open
  done
  say "no server after $tries tries; see $log"
  return 1
}

# http PATH: prints the answer of the operations listener.
http() (
  exec 3<>"/dev/tcp/127.0.0.1/$operations" || exit
  printf 'GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n' "$1" >&3
  cat <&3
)

# metric NAME[{label="value"}] <METRICS: prints its value; 0 if the metric is missing.
metric() { awk -v name="$1" '$1 == name { value = $2 } END { printf "%d\n", value }'; }
# now NAME[{label="value"}]: prints the present value of a metric of the running server.
now() { http /metrics | metric "$1"; }

# field NAME <JSON: prints a number from one line of JSON.
field() { sed -n "s/.*\"$1\":\([-0-9.]*\).*/\1/p"; }

# calc EXPRESSION [DECIMALS]: prints the result; nothing if a figure is missing.
calc() { awk "BEGIN { printf \"%.${2:-2}f\", $1 }" 2>/dev/null || true; }
holds() { [ "$(awk "BEGIN { print ($1) ? 1 : 0 }" 2>/dev/null)" = 1 ]; }
mib() { calc "${1:-0} / 1048576" 1; }

describe_machine() {
  local model
  model=$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)
  printf 'Measured on %s, %s cores, Linux %s, at %s.\n' "${model:-an unknown processor}" \
    "$(nproc)" "$(uname -r)" "$(git describe --always --dirty 2>/dev/null || echo no commit)"
}
