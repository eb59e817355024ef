# shellcheck shell=bash
# Validates the settings before any call to Google Cloud.

check_settings() {
  check_programs
  check_project_id
  check_region_name "$REGION" REGION
  if [ -n "$SCHEDULER_REGION" ]; then check_region_name "$SCHEDULER_REGION" SCHEDULER_REGION; fi
  check_switches
  check_numbers
  check_size
  check_database
  check_identities
  check_invokers
  check_channels
  check_alloydb
  check_secrets
  : "${FIRESTORE_LOCATION:=$REGION}"
}

check_programs() {
  command -v gcloud >/dev/null || fail "gcloud is missing: https://cloud.google.com/sdk/docs/install."
  command -v curl >/dev/null || fail "curl is missing."
  command -v openssl >/dev/null || fail "openssl is missing."
}

check_project_id() {
  if [ -z "$PROJECT" ]; then PROJECT=$(gcloud config get-value project 2>/dev/null) || PROJECT=''; fi
  case $PROJECT in '' | '(unset)') fail "PROJECT is not set: use --project ID, PROJECT=ID in the file, or gcloud config set project ID." ;; esac
  is_like "$PROJECT" '([a-z0-9.-]+:)?[a-z][a-z0-9-]*' || fail "PROJECT is '$PROJECT': set the id of a project, such as my-project or example.com:my-project."
  # Account addresses of the project example.com:my-project end in @my-project.example.com.iam.gserviceaccount.com.
  case $PROJECT in *:*) account_domain=${PROJECT#*:}.${PROJECT%%:*}.iam.gserviceaccount.com ;; *) account_domain=$PROJECT.iam.gserviceaccount.com ;; esac
}

# Whether a whole text matches an extended regular expression: is_like TEXT EXPRESSION
is_like() {
  local LC_ALL=C
  [[ $1 != *$'\n'* && $1 =~ ^($2)$ ]]
}

check_region_name() { is_like "$1" '[a-z]+-[a-z]+[0-9]+' || fail "$2 is '$1': set a region such as europe-west4 (gcloud run regions list)."; }

check_switches() {
  local name
  for name in UNAUTHENTICATED PUBLIC_CARD CALLBACKS CONTAINER GRPC ALLOYDB_IAM ALERTS; do
    case ${!name} in true | false) ;; *) fail "$name is '${!name}': set true or false." ;; esac
  done
  if [ "$CALLBACKS" = true ]; then functions=$every_function; fi
  if [ "$CONTAINER" != true ]; then
    if [ "$GRPC" = true ]; then fail "GRPC is true, but CONTAINER is false: Cloud Run calls functions over HTTP/1.1. Add --container."; fi
    name=$(grpc_setting)
    if [ -n "$name" ]; then
      fail "$name is set, but CONTAINER is false: with it MessageFunction speaks HTTP/2 only, and Cloud Run calls functions over HTTP/1.1. Add --container, or remove the setting."
    fi
  fi
  [ "$(setting A2A__GoogleCloud__TopicPrefix)" = '' ] ||
    fail "A2A__GoogleCloud__TopicPrefix is set: this script creates the topics with the prefix a2a. Remove the setting."
}

# in_range NAME MINIMUM MAXIMUM
in_range() {
  is_like "${!1}" '0|[1-9][0-9]{0,5}' || fail "$1 is '${!1}': set a number from $2 to $3."
  if [ "${!1}" -lt "$2" ] || [ "${!1}" -gt "$3" ]; then fail "$1 is ${!1}: set a number from $2 to $3."; fi
}

check_numbers() {
  in_range CONCURRENCY 1 1000
  in_range WORKER_CONCURRENCY 1 1000
  in_range MAX_INSTANCES 1 10000
  in_range MIN_INSTANCES 0 10000
  in_range MESSAGE_TIMEOUT 30 3600
  [ "$MIN_INSTANCES" -le "$MAX_INSTANCES" ] || fail "MIN_INSTANCES is $MIN_INSTANCES and MAX_INSTANCES is $MAX_INSTANCES: MIN_INSTANCES must not exceed MAX_INSTANCES."
}

# Cloud Run's limits: the allowed range of MEMORY grows with CPU.
check_size() {
  local mebibytes least=128 most
  case $CPU in
    1) most=4096 ;;
    2) most=8192 ;;
    4) least=2048 most=16384 ;;
    6) least=4096 most=24576 ;;
    8) least=4096 most=32768 ;;
    *) fail "CPU is '$CPU': set 1, 2, 4, 6 or 8." ;;
  esac
  is_like "$MEMORY" '[1-9][0-9]{0,5}[MG]i?' || fail "MEMORY is '$MEMORY': set a size such as 512Mi or 2Gi."
  mebibytes=${MEMORY%%[MG]*}
  case $MEMORY in *G*) mebibytes=$((mebibytes * 1024)) ;; esac
  if [ "$mebibytes" -lt "$least" ] || [ "$mebibytes" -gt "$most" ]; then
    fail "MEMORY is '$MEMORY': with CPU=$CPU Cloud Run allows ${least}Mi to ${most}Mi."
  fi
}

check_database() {
  if [ "$DATABASE" = '(default)' ]; then return; fi
  is_like "$DATABASE" '[a-z][a-z0-9-]{2,61}[a-z0-9]' || fail "DATABASE is '$DATABASE': set (default), or 4 to 63 lower-case letters, digits and hyphens that begin with a letter and do not end with a hyphen."
}

check_identities() {
  local identity identities
  identities=$(identities)
  while IFS= read -r identity; do
    case $identity in '' | none | iam | oidc | google-access-token | api-key) ;; *) fail "the identity is '$identity': set iam, oidc, google-access-token, api-key or none." ;; esac
    # Also beside another identity: iam trusts the token without checking it, because Cloud Run has checked it.
    if [ "$UNAUTHENTICATED$identity" = trueiam ]; then
      fail "--unauthenticated and the identity iam exclude each other: iam trusts tokens that Cloud Run has checked, and with --unauthenticated Cloud Run checks none, so anyone could impersonate anyone. Remove one of them."
    fi
  done <<END
$identities
END
  if [ "$UNAUTHENTICATED" = true ] && [ -z "$identities" ]; then
    fail "--unauthenticated makes Cloud Run accept every request, so the agent must authenticate callers itself: also set --identity oidc, google-access-token or api-key" \
      "(or none, for an agent that anybody may use)."
  fi
}

check_invokers() {
  local member
  for member in $(invokers); do
    is_like "$member" "$member_form" || fail "INVOKERS has the member '$member': use user:ADDRESS, group:ADDRESS, serviceAccount:ADDRESS, domain:NAME, principal://… or principalSet://…. To admit everyone, use --unauthenticated."
  done
}
address_form='[^@:/[:space:]]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+'
member_form="(user|group|serviceAccount):$address_form|domain:[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)+|principal(Set)?://iam\\.googleapis\\.com/[^[:space:]]+|allAuthenticatedUsers"
invokers() {
  local member
  for member in ${INVOKERS//,/ }; do printf '%s\n' "$member"; done
}

check_channels() {
  local channel
  for channel in $(printf '%s' "$ALERT_CHANNELS" | tr ',' ' '); do
    is_like "$channel" '(projects/[^/[:space:]]+/notificationChannels/)?[0-9]+' || fail "ALERT_CHANNELS has '$channel': use ids of notification channels (gcloud beta monitoring channels list)."
  done
}
