# shellcheck shell=bash
# Runs commands: reads run in the background; changes are printed, counted, and retried after transient errors.

changes=0
reads=0
# Errors of busy servers (conflicting changes, exhausted quotas, broken connections), as gcloud, Google's APIs and curl spell them. A number
# counts as a status only in one of their forms: "a limit of 500" must not match.
busy='ABORTED|Aborted|[Tt]ry again|[Pp]lease retry|underlying data changed|concurrent policy changes|RESOURCE_EXHAUSTED|UNAVAILABLE|DEADLINE_EXCEEDED|INTERNAL: |^curl: \((28|52|55|56|92)\)'
status='(429|500|502|503|504)'
busy="$busy|^$status [A-Z_]*: |HTTP ?[Ee]rror[: ]*$status([^0-9]|\$)|([Ss]tatus|[Cc]ode)['\"]?( code)? ?[=:]? ?[['\"]*$status([^0-9]|\$)"
# All transient errors: also those of accounts, roles and APIs that were just created and have not propagated yet.
transient="$busy|ervice account [^ ]* does not exist|may take a few|Eventarc Service Agent|has not been used in project"
# On a retry, these mean that an earlier attempt succeeded and its response was lost.
exists='ALREADY_EXISTS|already exists'

# The heading of the changes that follow; printed before the first of them.
step=''

say() { printf '%s\n' "$*"; }

warn() { printf 'deploy.sh: warning: %s\n' "$*" >&2; }

fail() {
  printf 'deploy.sh: %s\n' "$*" >&2
  exit 1
}

# Joins standard input into one line, for error messages.
one_line() { tr '\n' ' ' | sed 's/^ERROR: //; s/  */ /g; s/ *$//' | cut -c 1-600; }

# Sets $quoted to a command as a shell would read it, after a space: quote COMMAND...
quote() {
  local word apostrophe=\' escaped=\'\\\'\'
  quoted=''
  for word in "$@"; do
    case $word in *[!A-Za-z0-9_./:=@,%+-]*) word="'${word//$apostrophe/$escaped}'" ;; esac
    quoted="$quoted $word"
  done
}

# Runs a command that changes the project. With --dry-run it only prints the command.
change() {
  announce
  quote "$@"
  # Print the original folder rather than the temporary copy of it.
  if [ "$source" != "$here" ]; then quoted=${quoted//$source/$source_shown}; fi
  say "  \$$quoted"
  carry_out "$@"
}

# The same for an API without a gcloud command: change_api METHOD ADDRESS [BODY FILE [secret]].
change_api() {
  announce
  case $# in
    2) quote curl -X "$1" "$2" ;;
    3) quote curl -X "$1" "$2" -d "$(<"$3")" ;;
    *) quote curl -X "$1" "$2" -d @- ;;
  esac
  say "  \$$quoted"
  carry_out call "$@"
}

announce() {
  if [ -n "$step" ]; then say "$step:"; fi
  step=''
}

carry_out() {
  changes=$((changes + 1))
  if [ "$dry_run" = true ]; then return; fi
  if timed persist "$work/out" "$work/err" "$@"; then return; fi
  fail "$(printf '%s ' "${@:1:4}")failed: $(one_line <"$work/err") Fix the cause and run it again; it continues from here."
}

# Runs a command. A terminal shows how long it has been running, and the time is gone when it ends: timed COMMAND...
timed() {
  local ticker status=0
  if [ ! -t 3 ]; then
    "$@"
    return
  fi
  tick &
  ticker=$!
  "$@" || status=$?
  kill "$ticker" 2>/dev/null || true
  wait "$ticker" 2>/dev/null || true
  printf '\r\033[K' >&3
  return "$status"
}

tick() {
  local began=$SECONDS
  while sleep 1; do printf '\r    %s s' $((SECONDS - began)) >&3; done
}

# Runs a command until it succeeds or fails permanently, backing off between attempts: persist OUTPUT ERRORS COMMAND...
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

# Reads into the file $work/NAME at once: fetch NAME WHAT COMMAND... It retries only after errors of busy servers: an API that is disabled stays disabled
# until up enables it.
fetch() { transient=$busy persist "$work/$1" "$work/err" "${@:3}" || fail "$2 cannot be read: $(one_line <"$work/err")"; }

# Reads existing resources into the file $work/NAME in the background, four at a time, if the API is enabled: learn NAME API COMMAND...
learn() {
  local name=$1 api=$2
  shift 2
  : >"$work/$name"
  if ! is_on "$api"; then return; fi
  (persist "$work/$name" "$work/$name.err" "$@" || mv "$work/$name.err" "$work/$name.failed") &
  reads=$((reads + 1))
  if [ $((reads % 4)) -eq 0 ]; then wait; fi
}

# Waits for all reads that learn has started.
learned() {
  local failed
  wait
  for failed in "$work"/*.failed; do
    if [ -e "$failed" ]; then fail "cannot read the project's $(basename "$failed" .failed): $(one_line <"$failed")"; fi
  done
}

# Whether $work/NAME contains a line: knows NAME LINE
knows() { lists "$1" "$2"$'\n'; }

# Whether $work/NAME contains a line that begins with a text: lists NAME TEXT. It is asked a hundred times, so it starts no program.
lists() {
  local lines
  if [ ! -e "$work/$1" ]; then return 1; fi
  IFS= read -r -d '' lines <"$work/$1" || true
  case $'\n'$lines$'\n' in *$'\n'"$2"*) ;; *) return 1 ;; esac
}

# Writes the header with the access token to $work/bearer. It is a file, because arguments are visible to other users.
get_access_token() {
  local token
  if [ -e "$work/bearer" ]; then return; fi
  token=${A2A_ACCESS_TOKEN:-$(gcloud auth print-access-token 2>/dev/null || true)}
  [ -n "$token" ] || fail "gcloud has no credentials: run gcloud auth login, or set A2A_ACCESS_TOKEN."
  printf 'Authorization: Bearer %s\n' "$token" >"$work/bearer"
}

# Maps an address for curl: unchanged, or (for tests) below A2A_CALLS_VIA with the host as the first path segment.
via() {
  if [ -n "${A2A_CALLS_VIA:-}" ]; then printf '%s/%s' "${A2A_CALLS_VIA%/}" "${1#https://}"; else printf '%s' "$1"; fi
}

# Calls a Google API without gcloud, whose start takes a second or two: call METHOD ADDRESS [BODY FILE]
call() {
  local method=$1 address=$2 answer status
  get_access_token
  set -- -X "$method" ${3:+--data-binary "@$3"}
  # The quota project must have the API enabled. For Resource Manager, which is called first, that is not known yet.
  case $address in *//cloudresourcemanager.*) ;; *discoveryengine.*) set -- "$@" -H "X-Goog-User-Project: $app_project" ;; *) set -- "$@" -H "X-Goog-User-Project: $PROJECT" ;; esac
  answer=$(curl -sS -H "@$work/bearer" -H 'Content-Type: application/json' -w '\n%{http_code}' "$@" "$(via "$address")") || return 1
  status=${answer##*$'\n'} answer=${answer%$'\n'*}
  case $status in
    2*) printf '%s\n' "$answer" ;;
    *)
      # Include the status name, which distinguishes the different errors behind 409.
      printf '%s\n' "$answer" | json 'print status, value["error.status"] ": " value["error.message"]' -v status="$status" >&2
      return 1
      ;;
  esac
}

# Runs an awk program at the end of the JSON on standard input, with what deploy/json.awk makes of it: json PROGRAM [OPTIONS OF AWK...]
json() { LC_ALL=C awk "${@:2}" "$json_reader END { $1 }"; }
json_reader=$(<"$here/deploy/json.awk")

# Reads who has which role on a resource, one per line (role, a space, member): learn_policy NAME API RESOURCE
learn_policy() {
  get_access_token
  learn "$1" "$2" policy "https://$2.googleapis.com/v1/$3:getIamPolicy"
}

policy() {
  call GET "$1" | json '
    for (i = 0; (role = "bindings." i ".role") in value; i++)
      for (j = 0; (member = "bindings." i ".members." j) in value; j++) print value[role], value[member]'
}

# Asks for confirmation before a destructive command.
ask() {
  local answer
  if [ "$yes" = true ] || [ "$dry_run" = true ]; then return; fi
  printf '%s Type %s to continue: ' "$1" "$PROJECT"
  read -r answer || answer=
  [ "$answer" = "$PROJECT" ] || fail "not confirmed; nothing was changed."
}
