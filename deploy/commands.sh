# shellcheck shell=bash
# How commands are run: what is there is read in the background, what is changed is printed, counted and tried again where Google needs time.

changes=0
reads=0
# Errors of servers that are busy: changes that met another one, quotas of a minute, calls that were cut off. As gcloud, Google's APIs and
# curl write them. A number is a status only where one of them writes it as one: a limit of 500 is not.
busy='ABORTED|Aborted|[Tt]ry again|[Pp]lease retry|underlying data changed|concurrent policy changes|RESOURCE_EXHAUSTED|UNAVAILABLE|DEADLINE_EXCEEDED|INTERNAL: |^curl: \((28|52|55|56|92)\)'
status='(429|500|502|503|504)'
busy="$busy|^$status [A-Z_]*: |HTTP ?[Ee]rror[: ]*$status([^0-9]|\$)|([Ss]tatus|[Cc]ode)['\"]?( code)? ?[=:]? ?[['\"]*$status([^0-9]|\$)"
# All transient errors: also accounts, roles and APIs that were made a moment ago and are not known everywhere yet.
transient="$busy|ervice account [^ ]* does not exist|may take a few|Eventarc Service Agent|has not been used in project"
# Of a second try, that the first one has worked although its answer was lost.
exists='ALREADY_EXISTS|already exists'

# What the changes that follow are for; printed with the first of them.
step=''

say() { printf '%s\n' "$*"; }

warn() { printf 'deploy.sh: warning: %s\n' "$*" >&2; }

fail() {
  printf 'deploy.sh: %s\n' "$*" >&2
  exit 1
}

# The text of standard input as one line, as errors are told.
one_line() { tr '\n' ' ' | sed 's/^ERROR: //; s/  */ /g; s/ *$//' | cut -c 1-600; }

quoted() {
  local word
  for word in "$@"; do
    case $word in
      *[!A-Za-z0-9_./:=@,%+-]*) printf " '%s'" "$(printf '%s' "$word" | sed "s/'/'\\\\''/g")" ;;
      *) printf ' %s' "$word" ;;
    esac
  done
}

# Changes something in the project. With --dry-run it is only printed.
change() {
  local printed
  announce
  printed=$(quoted "$@")
  # A copy of the source is printed as what it is a copy of.
  if [ "$source" != "$here" ]; then printed=${printed//$source/$source_shown}; fi
  say "  \$$printed"
  carry_out "$@"
}

# The same for an API that gcloud has no command for: change_api METHOD ADDRESS [FILE WITH THE BODY [secret]].
change_api() {
  announce
  if [ $# -lt 3 ]; then
    say "  \$$(quoted curl -X "$1" "$2")"
  elif [ $# -eq 3 ]; then
    say "  \$$(quoted curl -X "$1" "$2" -d "$(cat "$3")")"
  else
    say "  \$$(quoted curl -X "$1" "$2" -d @-)"
  fi
  carry_out call "$@"
}

announce() {
  if [ -n "$step" ]; then say "$step:"; fi
  step=''
}

carry_out() {
  changes=$((changes + 1))
  if [ "$dry_run" = true ]; then return; fi
  persist "$work/out" "$work/err" "$@" ||
    fail "$(printf '%s ' "${@:1:4}")failed: $(one_line <"$work/err") Run it again when this is fixed; what is done is kept."
}

# Runs a command until it succeeds or fails for good, waiting longer each time: persist OUTPUT ERRORS COMMAND...
persist() {
  local output=$1 errors=$2 try=1 pause=$retry_seconds
  shift 2
  until "$@" >"$output" 2>"$errors" </dev/null; do
    if [ "$try" -gt 1 ] && grep -qE "$exists" "$errors"; then return 0; fi
    if [ "$try" -ge "$tries" ] || ! grep -qE "$transient" "$errors"; then return 1; fi
    printf '    Retrying in %s s: %s\n' "$pause" "$(one_line <"$errors")" >&3
    sleep "$pause"
    try=$((try + 1)) pause=$((pause * 2 > 60 ? 60 : pause * 2))
  done
}

# Reads into the file $work/NAME now: fetch NAME WHAT COMMAND... Before anything was made, an API that is off stays off: only busy servers are
# asked again.
fetch() { transient=$busy persist "$work/$1" "$work/err" "${@:3}" || fail "$2 cannot be read: $(one_line <"$work/err")"; }

# Reads what is there into the file $work/NAME, four at a time, where the API it asks is on: learn NAME API COMMAND...
learn() {
  local name=$1 api=$2
  shift 2
  : >"$work/$name"
  if ! is_on "$api"; then return; fi
  (persist "$work/$name" "$work/$name.err" "$@" || mv "$work/$name.err" "$work/$name.failed") &
  reads=$((reads + 1))
  if [ $((reads % 4)) -eq 0 ]; then wait; fi
}

# Waits until all of it is there.
learned() {
  local failed
  wait
  for failed in "$work"/*.failed; do
    if [ -e "$failed" ]; then fail "cannot read the project's $(basename "$failed" .failed): $(one_line <"$failed")"; fi
  done
}

# Whether a line is among those that were read: knows NAME LINE.
knows() { grep -qxF -- "$2" "$work/$1" 2>/dev/null; }

# Puts the token in $work/token.
get_access_token() {
  if [ -s "$work/token" ]; then return; fi
  printf '%s' "${A2A_ACCESS_TOKEN:-$(gcloud auth print-access-token 2>/dev/null)}" >"$work/token"
  [ -s "$work/token" ] || fail "gcloud has no credentials: gcloud auth login, or set A2A_ACCESS_TOKEN."
}

# Where an address is called: at itself, or below A2A_CALLS_VIA, as the tests do, with the host as the first part of the path.
via() {
  if [ -n "${A2A_CALLS_VIA:-}" ]; then printf '%s/%s' "${A2A_CALLS_VIA%/}" "${1#https://}"; else printf '%s' "$1"; fi
}

# Calls a Google API that gcloud has no command for: call METHOD ADDRESS [FILE WITH THE BODY]. Headers go in a file: arguments are seen by others.
call() {
  local method=$1 address=$2 status
  get_access_token
  {
    printf 'Authorization: Bearer %s\n' "$(cat "$work/token")"
    printf 'Content-Type: application/json\n'
    # The project must have the API on that is called in its name: of the first one this is not known.
    case $address in *//cloudresourcemanager.*) ;; *discoveryengine.*) printf 'X-Goog-User-Project: %s\n' "$app_project" ;; *) printf 'X-Goog-User-Project: %s\n' "$PROJECT" ;; esac
  } >"$work/headers"
  set -- -X "$method" ${3:+--data-binary "@$3"}
  if ! status=$(curl -sS -H "@$work/headers" -o "$work/answer" -w '%{http_code}' "$@" "$(via "$address")"); then return 1; fi
  case $status in
    2*) cat "$work/answer" ;;
    *)
      # The status has a name beside its number, which tells one 409 from another.
      printf '%s %s: %s\n' "$status" "$(member_of "$work/answer" status)" "$(member_of "$work/answer" message)" >&2
      return 1
      ;;
  esac
}

# The text of a member of an error: member_of FILE NAME
member_of() { tr -d '\n' <"$1" | LC_ALL=C sed -n 's/.*"'"$2"'": *"\(\([^"\\]\|\\.\)*\)".*/\1/p'; }

# Members of JSON on standard input, in gcloud's language of formats: what needs no other tool.
json() { gcloud meta list-from-json --format="$1" "${@:2}"; }

# A yes before something ends.
ask() {
  local answer
  if [ "$yes" = true ] || [ "$dry_run" = true ]; then return; fi
  printf '%s Type %s to go on: ' "$1" "$PROJECT"
  read -r answer || answer=
  [ "$answer" = "$PROJECT" ] || fail "nothing was changed."
}
