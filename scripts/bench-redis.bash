#!/usr/bin/env bash
# The parts of scripts/bench that need Redis: mirror, acks, recovery. scripts/bench sources this file.
# The script starts a Redis of its own in a temporary folder; that Redis keeps what it has confirmed.
# shellcheck disable=SC2034,SC2154

redis_folder=$PWD/build/bench-redis redis='' durable=()
mirror_receivers=(10 100 1000) mirror_flights=(1 4 16)
acks_rate=10200 acks_peers=1000
recovery_peers=(1000 10000 100000) recovery_entries=50 recovery_starts=3 recovery_sample=200

end_redis() {
  [ -n "$redis" ] || return 0
  kill -KILL "$redis" 2>/dev/null || true
  wait "$redis" 2>/dev/null || true
  redis=''
  rm -rf "$redis_folder"
}

ask_redis() { redis-cli -s "$redis_folder/socket" "$@"; }

# Starts an empty Redis on the core $redis_core. Servers that `start mirrored` starts later use it.
start_redis() {
  local tries
  end_redis
  rm -rf "$redis_folder"
  (umask 077 && mkdir -p "$redis_folder")
  taskset -c "$redis_core" redis-server --port 0 --unixsocket "$redis_folder/socket" \
    --dir "$redis_folder" --save '' --appendonly yes --appendfsync always \
    --logfile "$redis_folder/log" </dev/null &
  redis=$!
  durable=(--set "store=redis+unix://$redis_folder/socket")
  for tries in {1..100}; do
    [ "$(ask_redis ping 2>/dev/null)" != PONG ] || return 0
    sleep 0.05
  done
  say "no Redis after $tries tries; see $redis_folder/log"
  exit 1
}

# The load generator polls all the time, and shares a core with Redis if there are only two cores.
# In the scheduling class `idle` the generator yields to Redis at once, as if Redis had a core of
# its own.
give_way() { as_load=(taskset -c "$load_core" chrt --idle 0); }

# beside CASE MODE OPTION...: runs the load on a server without Redis and on one with Redis.
beside() {
  run signaller "$@"
  start_redis
  run mirrored "$@"
  end_redis
}

# each_mirror_case ACTION: calls ACTION RECEIVERS FLIGHT FORM CASE for each case.
each_mirror_case() {
  local count flight form
  for count in "${mirror_receivers[@]}"; do
    for form in plain labelled; do
      for flight in "${mirror_flights[@]}"; do
        [ -n "$quick" ] && [ "$flight" = 4 ] && continue
        "$1" "$count" "$flight" "$form" "mirror-$count-receivers-$flight-in-flight-$form"
      done
    done
  done
}

mirror_run() {
  local labelled=()
  [ "$3" = plain ] || labelled=(--labelled)
  beside "$4" fanout --receivers "$1" --in-flight "$2" "${labelled[@]}" "${wait[@]}" \
    --warm-up 0.3 --seconds 1
}

part_mirror() {
  local round usual=("${as_load[@]}")
  give_way
  for ((round = 0; round < (rounds + 1) / 2; ++round)); do each_mirror_case mirror_run; done
  as_load=("${usual[@]}")
}

mirror_row() {
  local alone with target=1.15 what=''
  [ "$1" != 10 ] || target=1.60
  [ "$3" = plain ] || what=', labelled'
  alone=$(median signaller "$4" server_us_per_delivery)
  with=$(median mirrored "$4" server_us_per_delivery)
  row "mirror: $1 receivers, $2 in flight$what: µs of CPU for each delivery" "$alone" "$with" \
    "$(ratio mirrored signaller "$4" server_us_per_delivery)" most "$target"
}

rows_mirror() { each_mirror_case mirror_row; }

part_acks() {
  local round usual=("${as_load[@]}")
  give_way
  for ((round = 0; round < (rounds + 1) / 2; ++round)); do
    beside acks acks --peers "$acks_peers" --rate "$acks_rate" "${wait[@]}" --seconds "$seconds"
  done
  as_load=("${usual[@]}")
}

# in_ms CASE WHO FIELD: prints the median of a figure that is in µs.
in_ms() { calc "$(median "$1" "$2" "$3") / 1000"; }

rows_acks() {
  local rate field alone with
  rate=$(median mirrored acks acked_per_s)
  row "ACKs a second, of $acks_rate labelled messages from $acks_peers peers in channels of 10" \
    "$(median signaller acks acked_per_s)" "$rate" "$rate" least 10000
  for field in p50 p99 p999; do
    alone=$(in_ms signaller acks "ack_${field}_us") with=$(in_ms mirrored acks "ack_${field}_us")
    if [ "$field" = p99 ]; then
      row "from when a message was due to its ACK, $field: ms" "$alone" "$with" "$with" most 20
    else
      rows+=("from when a message was due to its ACK, $field: ms|$alone|$with|$with||")
    fi
  done
  rows+=("µs of the server's CPU for each such message, its 9 deliveries and its ACK|$(median \
    signaller acks server_us_per_message)|$(median mirrored acks server_us_per_message)|$(ratio \
    mirrored signaller acks server_us_per_message)||")
}

# Whether /readyz answers 200.
ready() { http /readyz 2>/dev/null | grep -q '^HTTP/1.1 200 '; }

now_us() { echo "${EPOCHREALTIME/[.,]/}"; }

# Starts a server on the data in Redis, and prints after how many ms it was ready.
recover() {
  local begin end
  begin=$(now_us)
  start mirrored
  until ready; do
    kill -0 "$child" 2>/dev/null || { say "the server ended; see build/bench-server.log"; exit 1; }
    sleep 0.002
  done
  end=$(now_us)
  took_ms=$(((end - begin) / 1000))
}

crash() {
  kill -KILL "$child"
  end_child
}

resident_bytes() { awk '$1 == "Rss:" { print $2 * 1024 }' "/proc/$child/smaps_rollup"; }

# recovery_case PEERS: peers connect and talk; then the server is killed, and started several times.
recovery_case() {
  local peers=$1 case=recovery-$1 again took_ms before=$failures
  free_port
  operations=$port
  start_redis
  durable+=(--set resume=10m)
  start mirrored
  load mirrored "$case-populate" populate --peers "$peers" --entries "$recovery_entries"
  crash
  if [ "$failures" != "$before" ]; then end_redis && return; fi
  for ((again = 0; again < recovery_starts; ++again)); do
    recover
    note mirrored "$case" "{\"ready_ms\":$took_ms,\"resident\":$(resident_bytes),\"used_memory\":$(
      ask_redis info memory | tr -d '\r' | sed -n 's/^used_memory://p')}"
    [ "$again" != $((recovery_starts - 1)) ] ||
      load mirrored "$case-return" return --peers "$peers" --entries "$recovery_entries" \
        --sample "$recovery_sample"
    crash
  done
  end_redis
}

too_many() { [ -n "$quick" ] && [ "$1" -ge 100000 ]; }

part_recovery() {
  local peers
  for peers in "${recovery_peers[@]}"; do
    too_many "$peers" || recovery_case "$peers"
  done
  operations=''
}

rows_recovery() {
  local peers case took what target
  for peers in "${recovery_peers[@]}"; do
    if too_many "$peers"; then continue; fi
    case=recovery-$peers
    took=$(calc "$(median mirrored "$case" ready_ms) / 1000" 3)
    what="$peers peers, $((peers / 10)) channels, $recovery_entries messages in each"
    row "seconds from the start of the program until it is ready: $what" '' "$took" "$took" most 3
    rows+=("MiB: memory of Redis (left) and of the server|$(calc "$(median mirrored "$case" \
      used_memory) / 1048576" 1)|$(calc "$(median mirrored "$case" resident) / 1048576" 1)|||")
    rows+=("of $recovery_sample of them, back with session, channel and all messages||$(median \
      mirrored "$case-return" whole)|||")
  done
}
