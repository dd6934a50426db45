#!/usr/bin/env bash
# Builds and runs the shop outside the tree, the way a user would take the SDK in.
#   consume.sh WAY PREFIX_OR_TREE COMPILER BUILD_TYPE [LAUNCHER]
#   WAY: find_package, pkg_config or add_subdirectory
set -euo pipefail
way=$1 laurel=$2 compiler=$3 build_type=$4 launcher=${5:-}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp -r "$here/shop" "$work/shop"
cd "$work"

build_with_cmake() {
  cmake -S shop -B build -G Ninja -DCMAKE_CXX_COMPILER="$compiler" \
    -DCMAKE_BUILD_TYPE="$build_type" -DCMAKE_CXX_COMPILER_LAUNCHER="$launcher" "$@"
  cmake --build build --target shop
  cp build/shop shop.out
}

case $way in
  find_package) build_with_cmake -DCMAKE_PREFIX_PATH="$laurel" ;;
  # With the flags of the tree's own build, so that a compiler cache has most of it already.
  add_subdirectory)
    export CCACHE_NOHASHDIR=1
    build_with_cmake -DLAUREL_TREE="$laurel" -DLAUREL_WERROR=ON ;;
  pkg_config)
    folder=$(dirname "$(find "$laurel" -name laurel.pc)")
    flags=$(PKG_CONFIG_PATH=$folder pkg-config --cflags --libs laurel)
    echo "$flags"
    # shellcheck disable=SC2086  # the flags are words
    "$compiler" -std=c++20 shop/main.cpp $flags -o shop.out ;;
  *) echo "unknown way: $way" >&2; exit 2 ;;
esac

./shop.out | tee said
diff - said <<'EXPECTED'
earned 1950
again replayed
tier green
EXPECTED
