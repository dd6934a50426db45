#!/usr/bin/env bash
# The hair salon's booking system, as a set of hooks that call Laurel with nothing but curl.
#
#   salon.sh visit   APPOINTMENT CLIENT TIME             the client has come
#   salon.sh pay     APPOINTMENT CLIENT TIME STYLIST SERVICE AMOUNT [SERVICE AMOUNT]...
#   salon.sh refund  APPOINTMENT TIME                    the whole bill is given back
#
# LAUREL_URL is where the daemon is, LAUREL_KEY the salon's API key (none in the sandbox). The key
# of everything is the appointment's own number, so a hook that is run again, by hand or by a
# nervous scheduler, changes nothing. A daemon that is busy or restarting is tried again with the
# same key.
set -euo pipefail

: "${LAUREL_URL:?set it to http://HOST:PORT}"
source_name=salon

post() {  # PATH JSON
  local header=()
  [ -n "${LAUREL_KEY:-}" ] && header=(-H "Authorization: Bearer $LAUREL_KEY")
  curl --silent --show-error --fail-with-body --max-time 10 \
    --retry 5 --retry-delay 1 --retry-all-errors --retry-connrefused \
    -H 'Content-Type: application/json' "${header[@]}" --data "$2" "$LAUREL_URL$1"
  echo
}

# One line of the bill as JSON; text is quoted here once and nowhere else.
quoted() { local text=${1//\\/\\\\}; printf '"%s"' "${text//\"/\\\"}"; }

visit() {  # APPOINTMENT CLIENT TIME
  post /v1/transactions "{
    \"source\": \"$source_name\", \"id\": $(quoted "$1/visit"), \"kind\": \"event\",
    \"event\": \"visit\", \"department\": \"hair-salon\", \"at\": $(quoted "$3"),
    \"identifiers\": [ { \"type\": \"salon_client\", \"value\": $(quoted "$2") } ] }"
}

pay() {  # APPOINTMENT CLIENT TIME STYLIST SERVICE AMOUNT...
  local appointment=$1 client=$2 time=$3 stylist=$4 lines='' number=0
  shift 4
  while [ $# -ge 2 ]; do
    number=$((number + 1))
    lines+="${lines:+, }{ \"id\": \"$number\", \"department\": \"hair-salon\",
      \"category\": $(quoted "$1"), \"amount\": $(quoted "$2"),
      \"associate\": $(quoted "$stylist") }"
    shift 2
  done
  post /v1/transactions "{
    \"source\": \"$source_name\", \"id\": $(quoted "$appointment"), \"kind\": \"sale\",
    \"at\": $(quoted "$time"), \"channel\": \"store\", \"currency\": \"GBP\",
    \"identifiers\": [ { \"type\": \"salon_client\", \"value\": $(quoted "$client") } ],
    \"lines\": [ $lines ] }"
}

refund() {  # APPOINTMENT TIME
  post /v1/transactions "{
    \"source\": \"$source_name\", \"id\": $(quoted "$1/refund"), \"kind\": \"return\",
    \"at\": $(quoted "$2"),
    \"original\": { \"source\": \"$source_name\", \"id\": $(quoted "$1") } }"
}

case "${1:-}" in
  visit | pay | refund) "$@" ;;
  *) sed -n '4,6s/^# *//p' "$0" >&2; exit 2 ;;
esac
