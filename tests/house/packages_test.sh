#!/usr/bin/env bash
# Installing packages, on a machine of stubs: who is asked for what, and that nothing is removed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
root=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/bin"

stub() { printf '#!/bin/bash\n%s\n' "$2" >"$work/bin/$1" && chmod +x "$work/bin/$1"; }
# The packages in $work/installed are there; apt-get writes down how it was called.
stub dpkg-query 'grep -qx "${@: -1}" "'"$work"'/installed" && echo installed'
stub apt-get 'echo "$*" >>"'"$work"'/calls"; [[ ! -e "'"$work"'/broken" || $* != *install* ]]'
stub id 'cat "'"$work"'/uid"'

failed=0
expect() { # expect NAME CONDITION...
  local name=$1
  shift
  if "$@"; then echo "ok: $name"; else echo "FAILED: $name"; failed=1; fi
}
code=0
need() { # runs need_packages by itself, without a terminal
  rm -f "$work/calls"
  code=0
  PATH="$work/bin:/usr/bin:/bin" bash -c 'source "$1/tools/house.sh"; shift; need_packages "$@"' \
    need "$root" "$@" </dev/null >"$work/said" 2>&1 || code=$?
}
said() { grep -q -- "$1" "$work/said"; }
called() { grep -q -- "$1" "$work/calls" 2>/dev/null; }
silent() { [[ ! -e $work/calls ]]; }

printf 'cmake\ng++\n' >"$work/installed"
echo 0 >"$work/uid"

need cmake g++
expect 'with everything there, apt-get is not called' silent
expect 'and it is said' said 'All 2 packages are installed'

need cmake ninja-build
expect 'only what is missing is installed' \
  called 'install -y --no-install-recommends --no-remove ninja-build$'
expect 'nothing that is there is named' eval '! called cmake'
expect 'it went well' test "$code" = 0

touch "$work/broken"
need cmake ninja-build
expect 'a failure is told with what to do by hand' \
  said 'install --no-install-recommends ninja-build'
expect 'and has its own exit code' test "$code" = 3
rm "$work/broken"

echo 1000 >"$work/uid"
stub sudo 'exit 1'
need ninja-build
expect 'without the right to install, nothing is tried' silent
expect 'and it is said' said 'this user may not install them'
expect 'with that exit code' test "$code" = 3

stub sudo '[[ $1 == -n ]] && shift; "$@"'
need ninja-build
expect 'with sudo it is installed' called 'install .*ninja-build$'
exit "$failed"
