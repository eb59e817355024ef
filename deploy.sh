#!/usr/bin/env bash
# Deploys an A2A agent to a Google Cloud project, updates it, and removes it.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

usage() {
  cat <<'EOF'
Usage: ./deploy.sh COMMAND [OPTIONS]

  up                     create or update every resource the agent needs, then run a test task; leaves unchanged resources alone
  status                 list the deployed functions, services and subscriptions
  logs [FUNCTION]        print the last 100 log lines of one function, or of all
  smoke                  fetch the card and run one task to completion
  down                   remove the agent; asks first; keeps tasks and keys without --delete-data

  card                   print the card in the strict form of A2A 0.3, to paste into the console of Gemini Enterprise
  register               register the agent with Gemini Enterprise, or update its registration
  update | show | unregister    manage the registration of this agent, or of --agent ID
  list                   list the registered A2A agents of the app: id and address
  authorization create | delete    manage the OAuth client with which the app asks its users for consent

Options, and their names in the settings file:
  --env NAME             read deploy.NAME.env beside this script, such as deploy.staging.env
  --config FILE          read this file. Default: deploy.env beside this script, if it exists
  --keep-settings        up: keep the deployed settings that neither the file nor a flag sets
  --project ID           PROJECT. Default: the project of gcloud's configuration
  --region REGION        REGION. Default: europe-west4
  --model MODEL          A2A__Gemini__Model, such as gemini-3.5-flash; without one an offline agent answers
  --identity NAME        A2A__Security__Identity__0: iam, oidc, google-access-token, api-key or none. Default: iam
  --unauthenticated      UNAUTHENTICATED=true: Cloud Run accepts every request and the agent authenticates callers; needs --identity
  --public-card          PUBLIC_CARD=true: everyone may read the card and the webhooks' public keys, but not call the agent
  --invokers MEMBERS     INVOKERS: the members that get Run Invoker, such as user:a@example.com,group:b@example.com
  --project-file PATH    PROJECT_FILE: the project to deploy, a .csproj or its folder, in this tree or elsewhere. Default: functions/Agent
  --telemetry            export traces and metrics to Cloud Trace and Cloud Monitoring, with a dashboard and alerts on them:
                         A2A__Telemetry__Endpoint=https://telemetry.googleapis.com (docs/telemetry.md)
  --container            CONTAINER=true: deploy Cloud Run services of one image instead of functions
  --grpc                 GRPC=true: serve gRPC too; needs --container (docs/grpc.md)
  --only FUNCTION        up: deploy only this function
  --set NAME=VALUE       any setting of the agent or of the file; NAME=@FILE reads the value from a file, @@ stands for a leading @
  --dry-run              print the changes without making them
  --yes                  skip the confirmation
  --help                 print this help
  --delete-data          down: also delete the Firestore database and the keys
  --app ID, --app-location us|eu|global, --agent ID, --authorization ID, --icon ADDRESS     APP, APP_LOCATION, (none), AUTHORIZATION, ICON
                         for an app in another project: --app projects/P/locations/L/collections/default_collection/engines/ID
  --client-id ID, --client-secret-file FILE, --scopes SCOPES, --authorization-uri ADDRESS, --token-uri ADDRESS     for authorization create

In the file only:
  FIRESTORE_LOCATION     Default: the region           DATABASE               (default)
  MEMORY, CPU            512Mi, 1                      CONCURRENCY            80 concurrent requests per instance
  WORKER_CONCURRENCY     10 concurrent tasks           MIN_INSTANCES          0, of MessageFunction
  MAX_INSTANCES          100 per function              MESSAGE_TIMEOUT        3600 s, the longest a stream may stay open
  SIGNING_KEYS, ENCRYPTION_KEYS, API_KEY   names of secrets; the first one signs and encrypts. Missing secrets are created.
  SECRETS                "NAME=secret[:version] /path/of/file=secret": your own secrets, as variables and files. Settings (A2A__...) go to
                         all functions, A2A__PostgreSql__Password to those that use the database, other secrets to RunTaskFunction.
                         @Function,Function or @all after an entry overrides this.
  CALLBACKS              true: deploy CallbackFunction, to which browsers return from authorizations. Everyone may call it. Default: false
  ALERTS                 true: create alert policies   ALERT_CHANNELS         ids of the notification channels for them
  SCHEDULER_REGION       Default: the region, or the nearest one that has Cloud Scheduler
  ALLOYDB                CLUSTER/INSTANCE, or the instance's full name: keep tasks in AlloyDB instead of Firestore (docs/storage.md)
  ALLOYDB_IAM            true: log in to AlloyDB with the functions' service accounts instead of a password in secrets
  ALLOYDB_NETWORK        NETWORK/SUBNET that reaches it, or the name of a Serverless VPC Access connector. With ALLOYDB, MAX_INSTANCES is 10.
  A2A__...               the agent's settings (docs/configuration.md), for all functions. A quoted value may span lines and may be followed
                         by a comment; NAME=@FILE reads the value from a file, relative to this one.
  Section__Name, OTEL_...    settings of your own program, and OpenTelemetry's variables (docs/telemetry.md), for all functions

Environment: A2A_ACCESS_TOKEN and A2A_IDENTITY_TOKEN replace gcloud's tokens. For tests: A2A_CALLS_VIA is a base address for curl's calls;
A2A_RETRY_SECONDS and A2A_POLL_SECONDS are the pauses between attempts.
EOF
}

work=$(umask 077 && mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/agent"
: >"$work/set"
: >"$work/apis"
# persist reports its retries here, even while a command's output is captured.
exec 3>&1
dry_run=false yes=false only='' delete_data=false keep_settings=false layer=file
agent_id='' client_id='' client_secret_file='' scopes=''
authorization_uri='' token_uri=https://oauth2.googleapis.com/token
retry_seconds=${A2A_RETRY_SECONDS:-10} poll_seconds=${A2A_POLL_SECONDS:-2} patience=18 tries=10
number=''
export CLOUDSDK_CORE_DISABLE_PROMPTS=1

# shellcheck source=deploy/commands.sh
. "$here/deploy/commands.sh"
# shellcheck source=deploy/names.sh
. "$here/deploy/names.sh"
# shellcheck source=deploy/settings.sh
. "$here/deploy/settings.sh"
# shellcheck source=deploy/checks.sh
. "$here/deploy/checks.sh"
# shellcheck source=deploy/project.sh
. "$here/deploy/project.sh"
# shellcheck source=deploy/secrets.sh
. "$here/deploy/secrets.sh"
# shellcheck source=deploy/firestore.sh
. "$here/deploy/firestore.sh"
# shellcheck source=deploy/alloydb.sh
. "$here/deploy/alloydb.sh"
# shellcheck source=deploy/pubsub.sh
. "$here/deploy/pubsub.sh"
# shellcheck source=deploy/source.sh
. "$here/deploy/source.sh"
# shellcheck source=deploy/functions.sh
. "$here/deploy/functions.sh"
# shellcheck source=deploy/containers.sh
. "$here/deploy/containers.sh"
# shellcheck source=deploy/deployed.sh
. "$here/deploy/deployed.sh"
# shellcheck source=deploy/telemetry.sh
. "$here/deploy/telemetry.sh"
# shellcheck source=deploy/alerts.sh
. "$here/deploy/alerts.sh"
# shellcheck source=deploy/agent.sh
. "$here/deploy/agent.sh"
# shellcheck source=deploy/gemini-enterprise.sh
. "$here/deploy/gemini-enterprise.sh"
# shellcheck source=deploy/down.sh
. "$here/deploy/down.sh"

up() {
  local chosen
  check_project_file
  check_project
  if [ "$keep_settings" = true ]; then
    keep_settings
    check_settings
  fi
  if [ "$only" = CallbackFunction ] && [ "$CALLBACKS" = false ]; then fail "--only CallbackFunction needs CALLBACKS=true."; fi
  chosen=${only:-$functions}
  complete_settings
  say "$(if [ "$dry_run" = true ]; then printf 'Dry run'; else printf 'Deploying'; fi): project $PROJECT, region $REGION."
  if [ -n "$APP" ] && [ "$(identities)" = iam ]; then
    say "With the identity iam all users of Gemini Enterprise are one caller, so the limits per caller are off by default (A2A__Limits__* override this)."
  fi
  find_source
  find_other_secrets
  learn_deployed
  find_alloydb
  check_invoker_check
  warn_of_losses
  enable_apis
  learn_project
  if [ "$CONTAINER" = true ]; then learn_containers; else learn_functions; fi
  learn_secrets
  learn_firestore
  learn_migration
  learn_pubsub
  learn_alerts
  if exports_to_google; then learn_dashboard; fi
  learned
  check_own_secrets
  make_accounts
  make_database_users
  make_secrets
  make_firestore
  make_topics
  close_services "$chosen"
  if [ "$CONTAINER" = true ]; then
    build_image
    migrate_alloydb "$image"
    deploy_containers "$chosen"
    allow_callers "$chosen"
    connect_containers "$chosen"
  else
    deploy_functions "$chosen"
    if uses_alloydb; then migrate_alloydb "$(function_image)"; fi
    allow_callers "$chosen"
    connect_functions "$chosen"
  fi
  if [ -z "$only" ]; then
    remove_callbacks
    disallow_readers
  fi
  make_sweep
  make_alerts
  make_dashboard
  if [ "$dry_run" = true ]; then
    say "$changes changes; none were made."
    return
  fi
  if [ "$changes" -eq 0 ]; then say "Everything was up to date; nothing changed."; else say "Made $changes changes."; fi
  smoke
  say "The agent is at $(setting A2A__Agent__PublicUrl)"
}

# Reads the file that --config FILE or --env NAME selects. It runs before the flags are read, so that flags override the file.
choose_file() {
  local word previous='' config='' environment=''
  for word in "$@"; do
    case $previous in --config) config=$word ;; --env) environment=$word ;; esac
    case $word in --config=*) config=${word#*=} ;; --env=*) environment=${word#*=} ;; esac
    previous=$word
  done
  if [ -n "$environment" ]; then
    [ -z "$config" ] || fail "--env and --config exclude each other."
    is_like "$environment" '[A-Za-z0-9_-]+' || fail "--env is '$environment': set a name such as staging, which reads deploy.staging.env."
    config=$here/deploy.$environment.env
  elif [ -z "$config" ] && [ -f "$here/deploy.env" ]; then
    config=$here/deploy.env
  fi
  if [ -n "$config" ]; then read_file "$config"; fi
}

# Applies an option that has a value: take_option NAME VALUE
take_option() {
  case $1 in
    --config | --env) ;;
    --model) set_setting A2A__Gemini__Model "$2" --model ;;
    --identity) set_setting A2A__Security__Identity__0 "$2" --identity ;;
    --only) check_function "$2"; only=$2 ;;
    --set)
      case $2 in ?*=*) ;; *) fail "--set needs NAME=VALUE." ;; esac
      expand "${2#*=}" --set
      set_setting "${2%%=*}" "$expanded" --set
      ;;
    --project) set_setting PROJECT "$2" --project ;;
    --region) set_setting REGION "$2" --region ;;
    --project-file) set_setting PROJECT_FILE "$2" --project-file ;;
    --invokers) set_setting INVOKERS "$2" --invokers ;;
    --app) set_setting APP "$2" --app ;;
    --app-location) set_setting APP_LOCATION "$2" --app-location ;;
    --authorization) set_setting AUTHORIZATION "$2" --authorization ;;
    --icon) set_setting ICON "$2" --icon ;;
    --agent) agent_id=$2 ;;
    --client-id) client_id=$2 ;;
    --client-secret-file) client_secret_file=$2 ;;
    --scopes) scopes=$2 ;;
    --authorization-uri) authorization_uri=$2 ;;
    --token-uri) token_uri=$2 ;;
  esac
}

choose_file "$@"
layer=flags
command='' argument=''
while [ $# -gt 0 ]; do
  case $1 in
    -h | --help | help) usage; exit ;;
    --dry-run) dry_run=true ;;
    --yes) yes=true ;;
    --delete-data) delete_data=true ;;
    --keep-settings) keep_settings=true ;;
    --unauthenticated) set_setting UNAUTHENTICATED true --unauthenticated ;;
    --public-card) set_setting PUBLIC_CARD true --public-card ;;
    --telemetry) set_setting A2A__Telemetry__Endpoint https://telemetry.googleapis.com --telemetry ;;
    --container) set_setting CONTAINER true --container ;;
    --grpc) set_setting GRPC true --grpc ;;
    --config | --env | --project | --project-file | --region | --model | --identity | --invokers | --only | --set | --app | --app-location | --agent | --authorization | --icon | \
      --client-id | --client-secret-file | --scopes | --authorization-uri | --token-uri)
      if [ $# -lt 2 ] || [ -z "$2" ]; then fail "$1 needs a value."; fi
      take_option "$1" "$2"
      shift
      ;;
    # A value may also follow a = sign. A switch takes no value.
    --dry-run=* | --yes=* | --delete-data=* | --keep-settings=* | --unauthenticated=* | --public-card=* | --telemetry=* | --container=* | --grpc=*) fail "${1%%=*} takes no value." ;;
    --[a-z]*=*) set -- "$1" "${1%%=*}" "${1#*=}" "${@:2}" ;;
    -*) fail "unknown option $1; ./deploy.sh --help lists all options." ;;
    *)
      if [ -z "$command" ]; then command=$1; elif [ -z "$argument" ]; then argument=$1; else fail "unexpected argument '$1'; see ./deploy.sh --help."; fi
      ;;
  esac
  shift
done

case $command in
  logs) if [ -n "$argument" ]; then check_function "$argument"; fi ;;
  authorization) ;;
  up | status | smoke | down | card | register | update | list | show | unregister)
    [ -z "$argument" ] || fail "unexpected argument '$argument': $command takes no argument; see ./deploy.sh --help."
    ;;
  '') usage >&2; exit 2 ;;
  *) fail "unknown command '$command'; ./deploy.sh --help lists all commands." ;;
esac
if [ "$keep_settings" = true ] && [ "$command" != up ]; then fail "--keep-settings works with up only."; fi
check_settings
check_app

case $command in
  up) up ;;
  status) show_status ;;
  logs) show_logs "$argument" ;;
  smoke) find_project; complete_settings; smoke ;;
  down) down ;;
  card) find_project; complete_settings; strict_card ;;
  register | update) find_app; register "$command" ;;
  list) find_app; registered ;;
  show) find_app; show_agent ;;
  unregister) find_app; unregister ;;
  authorization) authorization "$argument" ;;
esac
