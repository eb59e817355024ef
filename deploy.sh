#!/usr/bin/env bash
# Takes a Google Cloud project from nothing to a working A2A agent, again and again, and takes it away again.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

usage() {
  cat <<'EOF'
Usage: ./deploy.sh COMMAND [OPTIONS]

  up                     make, or bring up to date, all that the agent needs, and run a task on it; what is as it should be is left alone
  status                 what is there
  logs [FUNCTION]        the last 100 lines of one function, or of all
  smoke                  fetch the card and run one task to its end
  down                   take it away; asks first; tasks and keys stay unless --delete-data

  register               tell Gemini Enterprise of the agent (again, if it knows an agent of that address)
  update | show | unregister    the registered agent: that of this address, or --agent ID
  list                   the A2A agents that the app knows: id and address
  authorization create | delete    the OAuth client with which the app asks its users

Options, and their names in the file:
  --config FILE          settings, NAME=VALUE a line; deploy.env beside this script is read if it is there
  --project ID           PROJECT; gcloud's own unless set
  --region REGION        REGION, europe-west4 unless set
  --model MODEL          A2A__Gemini__Model, such as gemini-2.5-flash; without one an offline agent answers
  --identity NAME        A2A__Security__Identity__0: iam unless set, or oidc, google-access-token, api-key, none
  --unauthenticated      UNAUTHENTICATED=true: Cloud Run lets everybody through, the agent itself asks who calls; needs --identity
  --public-card          PUBLIC_CARD=true: the card and the webhooks' keys are for everybody, the agent is not
  --invokers MEMBERS     INVOKERS: who may call under IAM, such as user:a@example.com,group:b@example.com
  --container            CONTAINER=true: Cloud Run services of one image instead of functions
  --only FUNCTION        up: deploy just this function
  --set NAME=VALUE       any setting of the agent, or of the file
  --dry-run              print what would be changed, and change nothing
  --yes                  do not ask
  --help                 this
  --delete-data          down: the Firestore database and the keys as well
  --app ID, --app-location us|eu|global, --agent ID, --authorization ID, --icon ADDRESS     APP, APP_LOCATION, , AUTHORIZATION, ICON
  --client-id ID, --client-secret-file FILE, --authorization-uri ADDRESS, --token-uri ADDRESS     for authorization create

In the file only:
  FIRESTORE_LOCATION     the region unless set         DATABASE               (default)
  MEMORY, CPU            512Mi, 1                      CONCURRENCY            80, requests at a time in an instance
  WORKER_CONCURRENCY     10, tasks at a time           MIN_INSTANCES          0, of MessageFunction
  MAX_INSTANCES          100, of each function         MESSAGE_TIMEOUT        3600 s, how long a stream may stay open
  SIGNING_KEYS, ENCRYPTION_KEYS, API_KEY   the names of secrets; the first signs and encrypts. They are made where they are not there.
  ALLOYDB                true for the roles that AlloyDB needs
  A2A__…                 the agent's settings (docs/configuration.md), for all functions

In the environment: A2A_ACCESS_TOKEN and A2A_IDENTITY_TOKEN are used instead of gcloud's. For tests, A2A_CALLS_VIA is an address that what
is called with curl is called below, A2A_RETRY_SECONDS and A2A_POLL_SECONDS are waited between two tries.
EOF
}

work=$(umask 077 && mktemp -d)
trap 'rm -rf "$work"' EXIT
: >"$work/settings"
: >"$work/apis"
dry_run=false yes=false only='' delete_data=false
agent_id='' client_id='' client_secret_file=''
authorization_uri='https://accounts.google.com/o/oauth2/v2/auth?access_type=offline&prompt=consent' token_uri=https://oauth2.googleapis.com/token
retry_seconds=${A2A_RETRY_SECONDS:-10} poll_seconds=${A2A_POLL_SECONDS:-2} patience=18
number=''
export CLOUDSDK_CORE_DISABLE_PROMPTS=1

# shellcheck source=deploy/commands.sh
. "$here/deploy/commands.sh"
# shellcheck source=deploy/settings.sh
. "$here/deploy/settings.sh"
# shellcheck source=deploy/project.sh
. "$here/deploy/project.sh"
# shellcheck source=deploy/secrets.sh
. "$here/deploy/secrets.sh"
# shellcheck source=deploy/firestore.sh
. "$here/deploy/firestore.sh"
# shellcheck source=deploy/pubsub.sh
. "$here/deploy/pubsub.sh"
# shellcheck source=deploy/functions.sh
. "$here/deploy/functions.sh"
# shellcheck source=deploy/containers.sh
. "$here/deploy/containers.sh"
# shellcheck source=deploy/agent.sh
. "$here/deploy/agent.sh"
# shellcheck source=deploy/gemini-enterprise.sh
. "$here/deploy/gemini-enterprise.sh"
# shellcheck source=deploy/down.sh
. "$here/deploy/down.sh"

value_of() { if [ $# -lt 2 ] || [ -z "$2" ]; then fail "$1 needs a value."; fi; }

up() {
  local chosen=${only:-$functions}
  check_project
  complete_settings
  say "$(if [ "$dry_run" = true ]; then printf 'What would be changed'; else printf 'Deploying'; fi): project $PROJECT, region $REGION."
  enable_apis
  learn_project
  if [ "$CONTAINER" = true ]; then learn_containers; else learn_functions; fi
  learn_secrets
  learn_firestore
  learn_pubsub
  learned
  make_accounts
  make_secrets
  make_firestore
  make_topics
  if [ "$CONTAINER" = true ]; then
    deploy_containers "$chosen"
    allow_callers "$chosen"
    connect_containers "$chosen"
  else
    deploy_functions "$chosen"
    allow_callers "$chosen"
    connect_functions "$chosen"
  fi
  make_sweep
  if [ "$dry_run" = true ]; then
    say "$changes changes; none was made."
    return
  fi
  if [ "$changes" -eq 0 ]; then say "Nothing has changed: all of it was as it should be."; else say "$changes changes were made."; fi
  smoke
  say "The agent is at $(setting A2A__Agent__PublicUrl)"
}

command='' argument='' config=''
if [ -f "$here/deploy.env" ]; then config=$here/deploy.env; fi
# The file comes before the flags, wherever it is named among them.
previous=''
for word in "$@"; do
  if [ "$previous" = --config ]; then config=$word; fi
  previous=$word
done
if [ -n "$config" ]; then read_file "$config"; fi

while [ $# -gt 0 ]; do
  case $1 in
    -h | --help | help) usage; exit ;;
    --dry-run) dry_run=true ;;
    --yes) yes=true ;;
    --delete-data) delete_data=true ;;
    --unauthenticated) UNAUTHENTICATED=true ;;
    --public-card) PUBLIC_CARD=true ;;
    --container) CONTAINER=true ;;
    --config | --project | --region | --model | --identity | --invokers | --only | --set | --app | --app-location | --agent | --authorization | --icon | \
      --client-id | --client-secret-file | --authorization-uri | --token-uri)
      value_of "$@"
      case $1 in
        --config) ;;
        --model) set_setting A2A__Gemini__Model "$2" --model ;;
        --identity) set_setting A2A__Security__Identity__0 "$2" --identity ;;
        --only) check_function "$2"; only=$2 ;;
        --set) case $2 in *=*) set_setting "${2%%=*}" "${2#*=}" --set ;; *) fail "--set needs NAME=VALUE." ;; esac ;;
        --project) PROJECT=$2 ;;
        --region) REGION=$2 ;;
        --invokers) INVOKERS=$2 ;;
        --app) APP=$2 ;;
        --app-location) APP_LOCATION=$2 ;;
        --authorization) AUTHORIZATION=$2 ;;
        --icon) ICON=$2 ;;
        --agent) agent_id=$2 ;;
        --client-id) client_id=$2 ;;
        --client-secret-file) client_secret_file=$2 ;;
        --authorization-uri) authorization_uri=$2 ;;
        --token-uri) token_uri=$2 ;;
      esac
      shift
      ;;
    -*) fail "there is no option $1; ./deploy.sh --help names them." ;;
    *) if [ -z "$command" ]; then command=$1; elif [ -z "$argument" ]; then argument=$1; else fail "what is '$1'? ./deploy.sh --help."; fi ;;
  esac
  shift
done

case $command in
  up | status | smoke | logs | down | register | update | list | show | unregister | authorization) ;;
  '') usage >&2; exit 2 ;;
  *) fail "there is no command '$command'; ./deploy.sh --help names them." ;;
esac
if [ "$command" = logs ] && [ -n "$argument" ]; then check_function "$argument"; fi
check_settings

case $command in
  up) up ;;
  status) show_status ;;
  logs) show_logs "$argument" ;;
  smoke) find_project; complete_settings; smoke ;;
  down) down ;;
  register | update) find_app; register "$command" ;;
  list) find_app; registered ;;
  show) find_app; show_agent ;;
  unregister) find_app; unregister ;;
  authorization) check_app_location; authorization "$argument" ;;
esac
