# shellcheck shell=bash
# The settings. Flags win over the file, the file over the deployed settings (--keep-settings), and those over the defaults below. Each
# setting of the agent (A2A__…) is a file in $work/agent, because values may have several lines.

PROJECT='' REGION=europe-west4 FIRESTORE_LOCATION='' DATABASE='(default)' SCHEDULER_REGION=''
MEMORY=512Mi CPU=1 CONCURRENCY=80 WORKER_CONCURRENCY=10 MIN_INSTANCES=0 MAX_INSTANCES=100 MESSAGE_TIMEOUT=3600
SIGNING_KEYS=a2a-signing-key ENCRYPTION_KEYS=a2a-encryption-key API_KEY=a2a-api-key SECRETS=''
UNAUTHENTICATED=false PUBLIC_CARD=false CALLBACKS=false INVOKERS='' CONTAINER=false GRPC=false ALLOYDB='' ALLOYDB_IAM=false ALLOYDB_NETWORK='' ALERTS=true ALERT_CHANNELS=''
PROJECT_FILE=$here/functions/Agent
APP='' APP_LOCATION=global AUTHORIZATION='' ICON=''
known_settings=' PROJECT PROJECT_FILE REGION FIRESTORE_LOCATION DATABASE SCHEDULER_REGION MEMORY CPU CONCURRENCY WORKER_CONCURRENCY MIN_INSTANCES MAX_INSTANCES MESSAGE_TIMEOUT SIGNING_KEYS ENCRYPTION_KEYS API_KEY SECRETS UNAUTHENTICATED PUBLIC_CARD CALLBACKS INVOKERS CONTAINER GRPC ALLOYDB ALLOYDB_IAM ALLOYDB_NETWORK ALERTS ALERT_CHANNELS APP APP_LOCATION AUTHORIZATION ICON '

# set_setting NAME VALUE WHERE: a setting may occur once in the file and once among the flags.
set_setting() {
  local name value=$2 before
  name_setting "$1" "$3"
  case $name in
    A2A__Security__SigningKeys__* | A2A__Security__EncryptionKeys__* | A2A__Security__ApiKeys__Hashes__* | A2A__Security__TokenExchange__ClientSecret | A2A__PostgreSql__Password)
      fail "$3: $name is a secret and must come from Secret Manager: name the secret in SIGNING_KEYS, ENCRYPTION_KEYS, API_KEY or SECRETS."
      ;;
    A2A__PostgreSql__ConnectionString)
      case $(printf ';%s' "$value" | tr -d '[:space:]' | lower_case) in
        *\;password=* | *\;pwd=* | *\;psw=* | *\;sslpassword=*) fail "$3: $name has a password, which is a secret and must come from Secret Manager: use SECRETS=A2A__PostgreSql__Password=secret." ;;
      esac
      ;;
    A2A__Security__Identity__*)
      lower "$value"
      value=$lower
      ;;
    A2A__* | Logging__* | OTEL_?* | [A-Za-z_]*__?*) ;;
    *) case "$known_settings" in *" $name "*) ;; *) fail "$3: unknown setting $name; ./deploy.sh --help lists all settings." ;; esac ;;
  esac
  # A path in a file is relative to that file.
  case $name:$value in PROJECT_FILE:/*) ;; PROJECT_FILE:*) value=${folder:-$PWD}/$value ;; esac
  check_text "$name" "$value" "$3"
  lower "$name"
  read_set
  case $set_lines in
    *$'\n'"$lower|$layer|"*)
      before=${set_lines#*$'\n'"$lower|$layer|"}
      fail "$3: $name is already set in ${before%%$'\n'*}. Names that differ only in case are the same setting."
      ;;
  esac
  printf '%s|%s|%s\n' "$lower" "$layer" "$3" >>"$work/set"
  case $name in
    OTEL_* | *__*) printf '%s' "$value" >"$work/agent/$name" ;;
    *) printf -v "$name" '%s' "$value" ;;
  esac
}

# Sets $set_lines to what is set so far: after each line feed NAME|LAYER|WHERE, the name in lower case.
read_set() {
  IFS= read -r -d '' set_lines <"$work/set" || true
  set_lines=$'\n'$set_lines
}

# Whether the file or a flag sets a setting: is_set NAME
is_set() {
  lower "$1"
  read_set
  case $set_lines in *$'\n'"$lower|"*) ;; *) return 1 ;; esac
}

# Fails if an environment variable cannot hold the value: check_text NAME VALUE WHERE
check_text() {
  # The length is in bytes then.
  local LC_ALL=C
  case $1 in OTEL_* | *__*) ;; *) case $2 in *$'\n'*) fail "$3: $1 must be one line." ;; esac ;; esac
  [ "${#2}" -le 32768 ] || fail "$3: $1 is longer than 32 KiB, the limit of a variable of Cloud Run."
  case ${2//[$'\n\t']/} in *[[:cntrl:]]*) fail "$3: $1 contains a control character." ;; esac
}

# Sets $expanded to the value, or for @PATH to the text of that file: expand VALUE WHERE [FOLDER]
expand() {
  local file=${1#@}
  expanded=$1
  case $1 in
    @@*) expanded=${1#@} ;;
    @?*)
      case $file in /*) ;; *) file=${3:+$3/}$file ;; esac
      [ -f "$file" ] || fail "$2: there is no file $file. A value that begins with @ names a file; use @@ for a literal @."
      expanded=$(tr -d '\r' <"$file")
      expanded=${expanded#$'\xef\xbb\xbf'}
      ;;
  esac
}

# Prints the value of a setting of the agent, or nothing.
setting() { if [ -e "$work/agent/$1" ]; then printf '%s' "$(<"$work/agent/$1")"; fi; }

# Lists the identities of A2A__Security__Identity, one per line.
identities() {
  local file
  for file in "$work/agent"/A2A__Security__Identity__*; do
    if [ -e "$file" ]; then printf '%s\n' "$(<"$file")"; fi
  done
}

# Prints the name of a setting that lists gRPC on a card, or nothing: that of the default agent, or that of an agent with a name.
grpc_setting() {
  local file
  for file in "$work/agent/A2A__Agent__GrpcUrl" "$work/agent"/A2A__Agents__*__GrpcUrl; do
    if [ -s "$file" ]; then
      printf '%s' "${file##*/}"
      return
    fi
  done
}

# Whether the agent accepts an identity: accepts IDENTITY
accepts() { case $'\n'$(identities)$'\n' in *$'\n'"$1"$'\n'*) ;; *) return 1 ;; esac; }

default_setting() { if [ ! -e "$work/agent/$1" ]; then printf '%s' "$2" >"$work/agent/$1"; fi; }

# Reads NAME=VALUE lines; # starts a comment. A quoted value loses its quotes, may have several lines, and may be followed by a comment. A line
# inside it that looks like a setting is an error, because a missing quote would swallow that setting. The file is never executed.
read_file() {
  local line name value quote rest number=0 first folder
  [ -f "$1" ] || fail "there is no file $1."
  folder=$(cd "$(dirname "$1")" && pwd)
  while IFS= read -r line || [ -n "$line" ]; do
    number=$((number + 1))
    if [ "$number" -eq 1 ]; then line=${line#$'\xef\xbb\xbf'}; fi
    line=${line%$'\r'}
    case $line in '' | '#'*) continue ;; *=*) ;; *) fail "$1, line $number: expected NAME=VALUE." ;; esac
    name=${line%%=*} value=${line#*=} first=$number
    name=${name#export }
    case $value in
      \"* | \'*)
        quote=${value%"${value#?}"} rest=${value#?} value=''
        until [ "${rest#*"$quote"}" != "$rest" ]; do
          value=$value$rest$'\n'
          IFS= read -r rest || [ -n "$rest" ] || fail "$1, line $first: the value of $name begins with $quote but has no closing $quote."
          number=$((number + 1)) rest=${rest%$'\r'}
          if is_like "$rest" '[[:blank:]]*(export )?[A-Za-z_][A-Za-z0-9_.:]*=.*'; then
            fail "$1, line $number: this line of the value of $name, which begins in line $first, looks like a setting. Close the quote before it, or put the value into a file: $name=@FILE."
          fi
        done
        value=$value${rest%%"$quote"*} rest=${rest#*"$quote"}
        is_like "$rest" '[[:blank:]]*([[:blank:]]#.*)?' ||
          fail "$1, line $number: the closing quote of $name is followed by '$rest'; only a comment ( # ...) may follow. For a value that contains $quote, use the other kind of quotes, or a file: $name=@FILE."
        ;;
      *)
        expand "$value" "$1, line $number" "$folder"
        value=$expanded
        ;;
    esac
    set_setting "$name" "$value" "$1, line $first"
  done <"$1"
}

# Sets the defaults that depend on the deployment.
complete_settings() {
  local grpc_host attributes
  # Only if there is no other identity: iam trusts any token where Cloud Run does not check it.
  if [ -z "$(identities)" ]; then default_setting A2A__Security__Identity__0 iam; fi
  default_setting A2A__Agent__PushNotifications true
  default_setting A2A__Agent__PublicUrl "$(address_of MessageFunction)/"
  if [ "$GRPC" = true ]; then
    grpc_host=$(address_of MessageFunction)
    default_setting A2A__Agent__GrpcUrl "${grpc_host#https://}:443"
  fi
  if [ "$CALLBACKS" = true ]; then default_setting A2A__Agent__CallbackUrl "$(address_of CallbackFunction)/callback"; fi
  # End streams before Cloud Run cuts off the request.
  default_setting A2A__Http__RequestTimeLimit "$(printf '%02d:%02d:%02d' $(((MESSAGE_TIMEOUT - 10) / 3600)) $(((MESSAGE_TIMEOUT - 10) % 3600 / 60)) $(((MESSAGE_TIMEOUT - 10) % 60)))"
  default_setting A2A__GoogleCloud__DatabaseId "$DATABASE"
  # Cloud Monitoring rejects metrics without a location.
  if [ -n "$(setting A2A__Telemetry__Endpoint)$(setting OTEL_EXPORTER_OTLP_ENDPOINT)" ]; then
    attributes=$(setting OTEL_RESOURCE_ATTRIBUTES)
    case ,$attributes in *,cloud.region=*) ;; *) printf '%s' "cloud.region=$REGION${attributes:+,$attributes}" >"$work/agent/OTEL_RESOURCE_ATTRIBUTES" ;; esac
  fi
  # With iam alone all users of Gemini Enterprise are one caller, which must not hit the limits per caller.
  if [ "$(identities)" = iam ]; then
    default_setting A2A__Limits__OpenStreams 0
    if [ -n "$APP" ]; then
      default_setting A2A__Limits__RequestsPerSecond 0
      default_setting A2A__Limits__UnfinishedTasks 0
    fi
  fi
  # Name AgentCardFunction only if its card is public: an ID token for one address is rejected at another.
  if [ "$UNAUTHENTICATED" = true ] || [ "$PUBLIC_CARD" = true ]; then
    default_setting A2A__Agent__CardUrl "$(address_of AgentCardFunction)/.well-known/agent-card.json"
  fi
}

# Prints a text as a JSON string that is also valid YAML, where U+0085, U+2028 and U+2029 would end a line: json_string TEXT
json_string() {
  local LC_ALL=C text=$1 quote='"' backslash=\\ two=\\\\
  text=${text//"$backslash"/"$two"}
  text=${text//"$quote"/"$backslash$quote"}
  text=${text//$'\t'/"${backslash}t"}
  text=${text//$'\n'/"${backslash}n"}
  text=${text//$'\r'/}
  text=${text//$'\xc2\x85'/"${backslash}u0085"}
  text=${text//$'\xe2\x80\xa8'/"${backslash}u2028"}
  text=${text//$'\xe2\x80\xa9'/"${backslash}u2029"}
  printf '"%s"' "$text"
}

# Writes the environment of all functions as YAML: environment_file FILE [TARGET]
environment_file() {
  local file
  {
    printf 'GOOGLE_CLOUD_PROJECT: "%s"\n' "$PROJECT"
    if [ -n "${2:-}" ]; then printf 'FUNCTION_TARGET: "ServerlessA2A.Functions.%s"\n' "$2"; fi
    for file in "$work/agent"/*; do
      printf '%s: ' "${file##*/}"
      json_string "$(<"$file")"
      printf '\n'
    done
  } >"$1"
  if [ "$dry_run" = true ]; then sed "s|^|  # ${1##*/}: |" "$1"; fi
}
