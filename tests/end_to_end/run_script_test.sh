#!/usr/bin/env bash
# ./run with a given executable: its five commands work, the second time as the first; without
# --try it serves until it is told to stop, and leaves nothing running.
set -euo pipefail
laurel=$1
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); \
print(s.getsockname()[1])')
run=(./run --executable "$laurel" --data "$work/data" --listen "127.0.0.1:$port")

for time in first second; do
  echo "The $time time"
  "${run[@]}" --try >"$work/said" 2>&1 </dev/null || { cat "$work/said"; exit 1; }
  grep -q 'All five commands work' "$work/said"
done
grep -q '"replayed":true' "$work/said" || { cat "$work/said"; echo 'nothing was replayed'; exit 1; }
[[ $(stat -c %a "$work/data/api-key") == 600 ]] || { echo 'others can read the key'; exit 1; }

echo 'Served until told to stop'
touch "$work/served"
"${run[@]}" >"$work/served" 2>&1 </dev/null &
script=$!
for ((i = 0; i < 600; ++i)); do
  grep -q '/v1/members/lookup' "$work/served" && break
  kill -0 "$script" || { cat "$work/served"; exit 1; }
  sleep 0.1
done
count=$(grep -c '^curl ' "$work/served")
grep -q "^http://127.0.0.1:$port/console/" "$work/served" || { cat "$work/served"; exit 1; }
curl -fsS "http://127.0.0.1:$port/console/" | grep -q '<title>Laurel' ||
  { echo 'no console'; exit 1; }
((count == 5)) || { cat "$work/served"; echo "$count commands"; exit 1; }
kill -TERM "$script"
wait "$script" || { cat "$work/served"; echo "exit code $?"; exit 1; }
if curl -s -o /dev/null "http://127.0.0.1:$port/readyz"; then
  echo 'the daemon is still there'
  exit 1
fi
