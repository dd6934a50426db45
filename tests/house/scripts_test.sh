#!/usr/bin/env bash
# Every script is executable, parses, and stands where the documents say.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
mapfile -t scripts < <(grep -rlE '^#!/usr/bin/env bash' run test .ci tools tests examples)
for script in "${scripts[@]}" tools/house.sh; do
  bash -n "$script"
done
for script in run test .ci/run "${scripts[@]}"; do
  [[ -x $script ]] || { echo "$script is not executable"; exit 1; }
done
grep -qE '^\./test$' .ci/run || { echo '.ci/run does not call ./test'; exit 1; }
# A wrong word is answered with the usage and exit code 2, before anything is done.
for script in run test; do
  code=0
  "./$script" --no-such-option >/dev/null 2>&1 || code=$?
  ((code == 2)) || { echo "./$script --no-such-option: exit code $code"; exit 1; }
done
echo "${#scripts[@]} scripts"
