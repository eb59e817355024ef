# shellcheck shell=bash
# The settings: flags before the file before what is set here. $work/settings holds those of the agent itself (A2A__…), a line each.

PROJECT='' REGION=europe-west4 FIRESTORE_LOCATION='' DATABASE='(default)'
MEMORY=512Mi CPU=1 CONCURRENCY=80 WORKER_CONCURRENCY=10 MIN_INSTANCES=0 MAX_INSTANCES=100 MESSAGE_TIMEOUT=3600
SIGNING_KEYS=a2a-signing-key ENCRYPTION_KEYS=a2a-encryption-key API_KEY=a2a-api-key
UNAUTHENTICATED=false PUBLIC_CARD=false INVOKERS='' CONTAINER=false ALLOYDB=false
APP='' APP_LOCATION=global AUTHORIZATION='' ICON=''
known_settings=' PROJECT REGION FIRESTORE_LOCATION DATABASE MEMORY CPU CONCURRENCY WORKER_CONCURRENCY MIN_INSTANCES MAX_INSTANCES MESSAGE_TIMEOUT SIGNING_KEYS ENCRYPTION_KEYS API_KEY UNAUTHENTICATED PUBLIC_CARD INVOKERS CONTAINER ALLOYDB APP APP_LOCATION AUTHORIZATION ICON '

# set_setting NAME VALUE WHERE
set_setting() {
  case $1 in
    A2A__Security__SigningKeys__* | A2A__Security__EncryptionKeys__* | A2A__Security__ApiKeys__Hashes__*)
      fail "$3: $1 is a secret and comes from Secret Manager: name the secret in SIGNING_KEYS, ENCRYPTION_KEYS or API_KEY."
      ;;
    A2A__[A-Za-z]* | Logging__[A-Za-z]*)
      grep -v "^$1=" "$work/settings" >"$work/settings.new" || true
      printf '%s=%s\n' "$1" "$2" >>"$work/settings.new"
      mv "$work/settings.new" "$work/settings"
      ;;
    *)
      case "$known_settings" in
        *" $1 "*) printf -v "$1" '%s' "$2" ;;
        *) fail "$3: there is no setting $1; ./deploy.sh --help names them." ;;
      esac
      ;;
  esac
}

# The value of one of the agent's settings, or nothing.
setting() { sed -n "s/^$1=//p" "$work/settings"; }

# How callers say who they are, a line each. Names and values in lower case: .NET tells neither apart.
identities() { tr '[:upper:]' '[:lower:]' <"$work/settings" | sed -n 's/^a2a__security__identity__[0-9]*=//p'; }

default_setting() { if ! grep -q "^$1=" "$work/settings"; then printf '%s=%s\n' "$1" "$2" >>"$work/settings"; fi; }

# NAME=VALUE lines; # begins a comment, and quotes around a value are taken off. It is read and never run.
read_file() {
  local line name value number=0
  [ -f "$1" ] || fail "there is no file $1."
  while IFS= read -r line || [ -n "$line" ]; do
    number=$((number + 1))
    line=${line%$'\r'}
    case $line in '' | '#'*) continue ;; *=*) ;; *) fail "$1, line $number: write NAME=VALUE." ;; esac
    name=${line%%=*} value=${line#*=}
    name=${name#export }
    case $value in \"*\") value=${value#\"} value=${value%\"} ;; \'*\') value=${value#\'} value=${value%\'} ;; esac
    set_setting "$name" "$value" "$1, line $number"
  done <"$1"
}

is_number() { case $1 in '' | *[!0-9]*) return 1 ;; esac; }

# What is wrong in itself, before anybody is asked.
check_settings() {
  local name value identity identities
  command -v gcloud >/dev/null || fail "gcloud is missing: https://cloud.google.com/sdk/docs/install."
  command -v curl >/dev/null || fail "curl is missing."
  if [ -z "$PROJECT" ]; then PROJECT=$(gcloud config get-value project 2>/dev/null) || PROJECT=''; fi
  case $PROJECT in '' | '(unset)') fail "no project: --project ID, PROJECT=ID in the file, or gcloud config set project ID." ;; esac
  case $REGION in *[!a-z0-9-]* | [!a-z]* | *[!0-9]) fail "the region is '$REGION': set one such as europe-west4 (gcloud functions regions list)." ;; *-*) ;; *) fail "the region is '$REGION': set one such as europe-west4 (gcloud functions regions list)." ;; esac
  for name in CONCURRENCY WORKER_CONCURRENCY MIN_INSTANCES MAX_INSTANCES MESSAGE_TIMEOUT; do
    value=${!name}
    is_number "$value" || fail "$name is '$value': set a number."
  done
  if [ "$MESSAGE_TIMEOUT" -lt 30 ] || [ "$MESSAGE_TIMEOUT" -gt 3600 ]; then fail "MESSAGE_TIMEOUT is $MESSAGE_TIMEOUT: set 30 to 3600 seconds."; fi
  for name in UNAUTHENTICATED PUBLIC_CARD CONTAINER ALLOYDB; do
    value=${!name}
    case $value in true | false) ;; *) fail "$name is '$value': set true or false." ;; esac
  done
  identities=$(identities)
  while IFS= read -r identity; do
    case $identity in '' | none | iam | oidc | google-access-token | api-key) ;; *) fail "the identity is '$identity': set iam, oidc, google-access-token, api-key or none." ;; esac
    # Beside another one too: iam believes what it reads, since Cloud Run has checked it.
    if [ "$UNAUTHENTICATED$identity" = trueiam ]; then
      fail "--unauthenticated lets everybody through to the agent, and the identity iam believes whatever token comes: anybody could be anybody. Take iam out, or --unauthenticated."
    fi
  done <<EOF
$identities
EOF
  if [ "$UNAUTHENTICATED" = true ] && [ -z "$identities" ]; then
    fail "--unauthenticated lets everybody through to the agent, so the agent must know its callers itself: also set --identity oidc, google-access-token or api-key" \
      "(or none, for an agent that anybody may use)."
  fi
  : "${FIRESTORE_LOCATION:=$REGION}"
}

# The settings of the agent that follow from where it runs, unless they are set.
complete_settings() {
  default_setting A2A__Security__Identity__0 iam
  default_setting A2A__Agent__PushNotifications true
  default_setting A2A__Agent__PublicUrl "$(address_of MessageFunction)/"
  # The time in which a stream ends by itself, before the function is cut off.
  default_setting A2A__Http__RequestTimeLimit "$(printf '%02d:%02d:%02d' $(((MESSAGE_TIMEOUT - 10) / 3600)) $(((MESSAGE_TIMEOUT - 10) % 3600 / 60)) $(((MESSAGE_TIMEOUT - 10) % 60)))"
  default_setting A2A__GoogleCloud__DatabaseId "$DATABASE"
  # Up to 60 refusals wait their turn: an instance that takes no more requests than that would have no place left for anybody else.
  if [ "$CONCURRENCY" -le 60 ]; then default_setting A2A__Limits__RefusalsPerSecond 0; fi
  # Where only Cloud Run says who calls, all users of Gemini Enterprise are one caller.
  if [ "$(identities)" = iam ]; then default_setting A2A__Limits__OpenStreams 0; fi
  # A token for one address is refused at another: only where the card is public are clients sent to it.
  if [ "$UNAUTHENTICATED" = true ] || [ "$PUBLIC_CARD" = true ]; then
    default_setting A2A__Agent__CardUrl "$(address_of AgentCardFunction)/.well-known/agent-card.json"
  fi
}

# The environment of all functions, as YAML: environment_file FILE [TARGET]
environment_file() {
  {
    printf "GOOGLE_CLOUD_PROJECT: '%s'\n" "$PROJECT"
    if [ -n "${2:-}" ]; then printf "FUNCTION_TARGET: 'ServerlessA2A.Functions.%s'\n" "$2"; fi
    sort "$work/settings" | sed "s/'/''/g; s/^\([^=]*\)=\(.*\)\$/\1: '\2'/"
  } >"$1"
  if [ "$dry_run" = true ]; then sed "s|^|  # ${1##*/}: |" "$1"; fi
}
