# shellcheck shell=bash disable=SC2034
# What ./run, ./test and .ci/run share. Sourced by bash, not run.

# What the executable and the SDK are built from, and what the tests need besides, as Debian 12
# names it.
packages_to_build=(
  g++ cmake ninja-build pkg-config libboost-dev libsqlitecpp-dev libsqlite3-dev libyaml-cpp-dev
  libcpp-httplib-dev libspdlog-dev libhowardhinnant-date-dev libphonenumber-dev libprotobuf-dev
  libcli11-dev rapidjson-dev libssl-dev tzdata curl
)
packages_to_test=(
  libgtest-dev libgmock-dev libbenchmark-dev python3 sqlite3 clang-format git ccache lld
)
packages_to_lint=(clang clang-tidy)

if [[ -t 1 ]]; then bold=$'\e[1m' plain=$'\e[0m'; else bold='' plain=''; fi

say() { printf '%s==> %s%s\n' "$bold" "$*" "$plain"; }
die() {
  printf '%s: %s\n' "${0##*/}" "$1" >&2
  exit "${2:-3}"
}

# As many compilers at once as there are processors, and memory for each.
jobs() {
  local processors memory_kb by_memory
  processors=$(nproc)
  memory_kb=$(awk '/^MemAvailable:/ { print $2 }' /proc/meminfo)
  by_memory=$((memory_kb / 1200000))
  ((by_memory < 1)) && by_memory=1
  echo $((processors < by_memory ? processors : by_memory))
}

missing_packages() {
  local package
  for package in "$@"; do
    [[ $(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null) == installed ]] ||
      echo "$package"
  done
}

# Runs a command as root: as it is, or by sudo; without a terminal sudo may not ask.
as_root() {
  if (($(id -u) == 0)); then
    "$@"
  elif command -v sudo >/dev/null && [[ -t 0 ]]; then
    sudo "$@"
  elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
    sudo -n "$@"
  else
    return 126
  fi
}

# need_packages NAME...: installs what is missing and touches nothing else; removes nothing, ever.
need_packages() {
  if ! command -v dpkg-query >/dev/null; then
    say "This is no Debian: these must be there already: $*"
    return
  fi
  local missing
  mapfile -t missing < <(missing_packages "$@")
  if ((${#missing[@]} == 0)); then
    say "All $# packages are installed"
    return
  fi
  say "Installing ${#missing[@]} Debian packages: ${missing[*]}"
  local get=(env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300
    -o Acquire::Retries=3)
  local by_hand="apt-get install --no-install-recommends ${missing[*]}"
  as_root true || die "packages are missing and this user may not install them; as root: $by_hand"
  as_root "${get[@]}" update ||
    say "The package lists could not be renewed; trying with those that are there"
  as_root "${get[@]}" install -y --no-install-recommends --no-remove "${missing[@]}" ||
    die "apt-get could not install what is missing (its reason stands above): $by_hand"
}

# What is compiled in one folder is known to the compiler cache in another.
export CCACHE_NOHASHDIR=1

# configure_and_build PRESET [TARGET...]
configure_and_build() {
  local preset=$1 targets=()
  shift
  (($#)) && targets=(--target "$@")
  say "Configuring build/$preset"
  cmake --preset "$preset" >"configure.$$.log" 2>&1 || {
    cat "configure.$$.log" >&2
    rm -f "configure.$$.log"
    die "configuring failed; if the build folder is from elsewhere: rm -r build/$preset" 1
  }
  rm -f "configure.$$.log"
  say "Building build/$preset with $(jobs) jobs${*:+: $*}"
  NINJA_STATUS='[%f/%t %es] ' cmake --build "build/$preset" --parallel "$(jobs)" \
    ${targets:+"${targets[@]}"} || die "the build failed; the first error stands above" 1
}
