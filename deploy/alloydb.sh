# shellcheck shell=bash
# Tasks in AlloyDB instead of Firestore: the instance that its owner has made, the network that reaches it, the login, and the tables.

alloydb_host=''
migration=a2a-migrate

uses_alloydb() { [ -n "$ALLOYDB" ]; }

# projects/P/locations/L/clusters/C/instances/I, also where it is written as C/I.
alloydb_name() {
  case $ALLOYDB in
    projects/*) printf '%s' "$ALLOYDB" ;;
    *) printf 'projects/%s/locations/%s/clusters/%s/instances/%s' "$PROJECT" "$REGION" "${ALLOYDB%%/*}" "${ALLOYDB#*/}" ;;
  esac
}

# Part N of the instance's name: alloydb_part N
alloydb_part() { alloydb_name | cut -d / -f "$1"; }

check_alloydb() {
  if ! uses_alloydb; then
    [ -z "$ALLOYDB_NETWORK" ] || fail "ALLOYDB_NETWORK is set and ALLOYDB is not: set both, or neither."
    return
  fi
  case $ALLOYDB in true | false) fail "ALLOYDB is '$ALLOYDB': set CLUSTER/INSTANCE, or leave it out to keep tasks in Firestore." ;; esac
  is_like "$ALLOYDB" '[a-z][a-z0-9-]*/[a-z][a-z0-9-]*|projects/[^/[:space:]]+/locations/[a-z0-9-]+/clusters/[a-z][a-z0-9-]*/instances/[a-z][a-z0-9-]*' ||
    fail "ALLOYDB is '$ALLOYDB': set CLUSTER/INSTANCE, such as agents/primary, or projects/P/locations/L/clusters/C/instances/I."
  is_like "$ALLOYDB_NETWORK" '[a-z][a-z0-9-]*(/[a-z][a-z0-9-]*)?' ||
    fail "ALLOYDB_NETWORK is '$ALLOYDB_NETWORK': set the network that reaches AlloyDB, NETWORK/SUBNET, or the name of a Serverless VPC Access connector."
  case $CONTAINER$ALLOYDB_NETWORK in
    true*) ;;
    */*) gcloud functions deploy --help 2>/dev/null | grep -q direct-vpc-egress ||
      fail "this gcloud cannot connect functions to $ALLOYDB_NETWORK: set ALLOYDB_NETWORK to the name of a Serverless VPC Access connector, or use --container, or update gcloud." ;;
  esac
  case $(setting A2A__Tasks__Store | lower_case) in '' | postgresql) ;; *) fail "ALLOYDB is set and A2A__Tasks__Store is $(setting A2A__Tasks__Store): keep one of them." ;; esac
  for name in ConnectionString Host; do
    [ ! -e "$work/agent/A2A__PostgreSql__$name" ] || fail "ALLOYDB is set and A2A__PostgreSql__$name as well: keep one of them."
  done
  # Each instance of six functions holds connections, and the server's limit is shared.
  if ! is_set MAX_INSTANCES; then MAX_INSTANCES=10; fi
  if [ "$MIN_INSTANCES" -gt "$MAX_INSTANCES" ]; then MAX_INSTANCES=$MIN_INSTANCES; fi
  # The login, as any other secret that functions read. Those that serve the card need the user only to start.
  case " $SECRETS" in *' A2A__PostgreSql__User='*) ;; *) SECRETS="$SECRETS A2A__PostgreSql__User=alloy_db_user" ;; esac
  case " $SECRETS" in
    *' A2A__PostgreSql__Password='*) ;;
    *) SECRETS="$SECRETS A2A__PostgreSql__Password=alloy_db_pass@MessageFunction,RunTaskFunction,NotifyFunction,SweepFunction,DeadLetterFunction" ;;
  esac
}

# Before anything is changed: the instance must be there, with an address.
find_alloydb() {
  local state
  if ! uses_alloydb; then
    if [ ! -e "$work/agent/A2A__PostgreSql__Host" ] && grep -q '^messagefunction|A2A__PostgreSql__Host|' "$work/deployed-variables"; then
      warn "the deployed agent keeps its tasks in AlloyDB, and will keep new ones in Firestore: set ALLOYDB and ALLOYDB_NETWORK to stay."
    fi
    return
  fi
  is_on alloydb || fail "the AlloyDB API is off in $PROJECT, so $ALLOYDB is not there: https://cloud.google.com/alloydb/docs/cluster-create."
  persist "$work/alloydb" "$work/err" gcloud alloydb instances describe "$(alloydb_part 8)" --cluster="$(alloydb_part 6)" --region="$(alloydb_part 4)" \
    --project="$(alloydb_part 2)" --format='csv[no-heading,separator="|"](state,ipAddress)' || fail "the AlloyDB instance $ALLOYDB cannot be read: $(one_line <"$work/err")"
  state=$(cut -d '|' -f 1 "$work/alloydb") alloydb_host=$(cut -d '|' -f 2 "$work/alloydb")
  [ "$state" = READY ] || fail "the AlloyDB instance $ALLOYDB is $state: run it again when it is READY."
  [ -n "$alloydb_host" ] || fail "the AlloyDB instance $ALLOYDB has no private IP address."
  default_setting A2A__Tasks__Store PostgreSql
  default_setting A2A__PostgreSql__Host "$alloydb_host"
}

# How a function reaches private addresses; all others, such as webhooks, are reached as before: network_flags function|service
network_flags() {
  if ! uses_alloydb; then return; fi
  case $1:$ALLOYDB_NETWORK in
    function:*/*) printf '%s\n' "--network=${ALLOYDB_NETWORK%%/*}" "--subnet=${ALLOYDB_NETWORK#*/}" --direct-vpc-egress=private-ranges-only ;;
    function:*) printf '%s\n' "--vpc-connector=$ALLOYDB_NETWORK" --egress-settings=private-ranges-only ;;
    service:*/*) printf '%s\n' "--network=${ALLOYDB_NETWORK%%/*}" "--subnet=${ALLOYDB_NETWORK#*/}" --vpc-egress=private-ranges-only ;;
    service:*) printf '%s\n' "--vpc-connector=$ALLOYDB_NETWORK" --vpc-egress=private-ranges-only ;;
  esac
}

learn_migration() {
  if uses_alloydb; then
    learn migration run gcloud run jobs list --project="$PROJECT" --region="$REGION" --format='csv[no-heading,separator="|"](metadata.name,metadata.labels.a2a-migrated)'
  fi
}

# Creates the database and the tables, or brings them to the program's version, with the program itself: migrate_alloydb IMAGE
migrate_alloydb() {
  local hash
  if ! uses_alloydb; then return; fi
  step="Tables in AlloyDB"
  environment_file "$work/migrate.yaml"
  printf 'A2A_MIGRATE: "true"\n' >>"$work/migrate.yaml"
  # shellcheck disable=SC2046 # One flag for each word.
  set -- --image="$1" --service-account="$(account a2a-worker)" --set-secrets="$(secrets_of SweepFunction | grep '^A2A__PostgreSql__' | tr '\n' ',' | sed 's/,$//')" \
    --max-retries=2 --task-timeout=1800 $(network_flags service)
  hash=$({ cat "$work/migrate.yaml"; printf '%s\n' "$@"; } | openssl dgst -sha256 -r | cut -c 1-40)
  if knows migration "$migration|$hash"; then return; fi
  change gcloud run jobs deploy "$migration" --project="$PROJECT" --region="$REGION" "$@" --env-vars-file="$work/migrate.yaml"
  change gcloud run jobs execute "$migration" --project="$PROJECT" --region="$REGION" --wait
  # Marked only now: a migration that has failed is made again.
  change gcloud run jobs update "$migration" --project="$PROJECT" --region="$REGION" --update-labels="a2a-migrated=$hash"
}

# The image that Google has built for a function.
function_image() {
  if [ "$dry_run" = true ] && ! is_deployed RunTaskFunction; then
    printf 'IMAGE-OF-runtaskfunction'
    return
  fi
  persist "$work/image" "$work/err" gcloud run services describe runtaskfunction --project="$PROJECT" --region="$REGION" --format='value(spec.template.spec.containers[0].image)' ||
    fail "the image of RunTaskFunction cannot be read: $(one_line <"$work/err")"
  cat "$work/image"
}

show_alloydb() {
  if ! uses_alloydb; then return; fi
  say
  say "Tasks are kept in AlloyDB, $ALLOYDB:"
  gcloud alloydb instances describe "$(alloydb_part 8)" --cluster="$(alloydb_part 6)" --region="$(alloydb_part 4)" --project="$(alloydb_part 2)" --format='table(name.basename(),state,ipAddress)'
  gcloud run jobs executions list --job="$migration" --project="$PROJECT" --region="$REGION" --limit=1
}
