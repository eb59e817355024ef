# shellcheck shell=bash
# Tasks in AlloyDB instead of Firestore: the instance that its owner has made, the network that reaches it, the login, and the tables.

alloydb_host=''
migration=a2a-migrate
# The accounts of the functions that use the database.
alloydb_accounts='a2a-message a2a-worker a2a-notifier'

uses_alloydb() { [ -n "$ALLOYDB" ]; }
uses_iam_login() { uses_alloydb && [ "$ALLOYDB_IAM" = true ]; }

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
    [ "$ALLOYDB_IAM" = false ] || fail "ALLOYDB_IAM is true and ALLOYDB is not set: set both, or neither."
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
  case ";$(setting A2A__PostgreSql__ConnectionString | lower_case | tr -d ' ')" in
    *';host='* | *';server='*) fail "ALLOYDB is set and A2A__PostgreSql__ConnectionString names a server as well: leave its Host out." ;;
  esac
  # Each instance of six functions holds connections, and the server's limit is shared.
  if ! is_set MAX_INSTANCES; then MAX_INSTANCES=10; fi
  if [ "$MIN_INSTANCES" -gt "$MAX_INSTANCES" ]; then MAX_INSTANCES=$MIN_INSTANCES; fi
  check_login
}

# With a password, user and password are secrets like any other. With IAM login there are none, and each function is a user of its own.
check_login() {
  local name
  if uses_iam_login; then
    [ "$(alloydb_part 2)" = "$PROJECT" ] ||
      fail "ALLOYDB_IAM is true and $ALLOYDB is not in $PROJECT: this script grants no roles in another project. Leave ALLOYDB_IAM out, and store a password (docs/storage.md)."
    for name in User Password; do
      case " $SECRETS" in *" A2A__PostgreSql__$name="*) fail "ALLOYDB_IAM is true and SECRETS has A2A__PostgreSql__$name: remove one of them." ;; esac
      [ ! -e "$work/agent/A2A__PostgreSql__$name" ] ||
        fail "ALLOYDB_IAM is true and A2A__PostgreSql__$name is set as well: each function logs in as its own service account. Remove one of them."
    done
    default_setting A2A__PostgreSql__IamLogin true
    [ "$(setting A2A__PostgreSql__IamLogin | lower_case)" = true ] ||
      fail "ALLOYDB_IAM is true and A2A__PostgreSql__IamLogin is $(setting A2A__PostgreSql__IamLogin): remove one of them."
    return
  fi
  [ "$(setting A2A__PostgreSql__IamLogin | lower_case)" != true ] ||
    fail "A2A__PostgreSql__IamLogin is true and ALLOYDB_IAM is false: set ALLOYDB_IAM=true, which also creates the database users."
  case " $SECRETS" in *' A2A__PostgreSql__User='*) ;; *) SECRETS="$SECRETS A2A__PostgreSql__User=alloy_db_user" ;; esac
  case " $SECRETS" in *' A2A__PostgreSql__Password='*) ;; *) SECRETS="$SECRETS A2A__PostgreSql__Password=alloy_db_pass" ;; esac
}

# Before anything is changed: the instance must be there, with an address.
find_alloydb() {
  local state connection
  if ! uses_alloydb; then
    if [ ! -e "$work/agent/A2A__PostgreSql__ConnectionString" ] && lists deployed-settings A2A__PostgreSql__ConnectionString=; then
      warn "the deployed agent keeps its tasks in AlloyDB, and will keep new ones in Firestore: set ALLOYDB and ALLOYDB_NETWORK to stay."
    fi
    return
  fi
  is_on alloydb || fail "the AlloyDB API is off in $PROJECT, so $ALLOYDB is not there: https://cloud.google.com/alloydb/docs/cluster-create."
  persist "$work/alloydb" "$work/err" gcloud alloydb instances describe "$(alloydb_part 8)" --cluster="$(alloydb_part 6)" --region="$(alloydb_part 4)" \
    --project="$(alloydb_part 2)" --format='csv[no-heading,separator="|"](state,ipAddress,databaseFlags["alloydb.iam_authentication"])' || fail "the AlloyDB instance $ALLOYDB cannot be read: $(one_line <"$work/err")"
  state=$(cut -d '|' -f 1 "$work/alloydb") alloydb_host=$(cut -d '|' -f 2 "$work/alloydb")
  [ "$state" = READY ] || fail "the AlloyDB instance $ALLOYDB is $state: run it again when it is READY."
  [ -n "$alloydb_host" ] || fail "the AlloyDB instance $ALLOYDB has no private IP address."
  if uses_iam_login && [ "$(cut -d '|' -f 3 "$work/alloydb")" != on ]; then
    fail "the AlloyDB instance $ALLOYDB has IAM login off: run gcloud alloydb instances update $(alloydb_part 8) --cluster=$(alloydb_part 6) --region=$(alloydb_part 4) --project=$PROJECT --database-flags=alloydb.iam_authentication=on (name its other flags too: this replaces them)."
  fi
  default_setting A2A__Tasks__Store PostgreSql
  connection=$(setting A2A__PostgreSql__ConnectionString)
  printf '%s' "Host=$alloydb_host${connection:+;$connection}" >"$work/agent/A2A__PostgreSql__ConnectionString"
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

# The user as whom an account logs in with IAM: database_user ADDRESS
database_user() { printf '%s' "${1%.gserviceaccount.com}"; }

# Adds the user as whom a function logs in to its environment: add_database_user FILE FUNCTION
add_database_user() {
  local line
  if ! uses_iam_login; then return; fi
  line="A2A__PostgreSql__User: \"$(database_user "$(account_of "$2")")\""
  printf '%s\n' "$line" >>"$1"
  if [ "$dry_run" = true ]; then say "  # ${1##*/}: $line"; fi
}

make_database_users() {
  local name user
  if ! uses_iam_login; then return; fi
  step="Database users"
  for name in $alloydb_accounts; do
    user=$(database_user "$name@$account_domain")
    if ! knows database-users "$user"; then
      change gcloud alloydb users create "$user" --cluster="$(alloydb_part 6)" --region="$(alloydb_part 4)" --project="$PROJECT" --type=IAM_BASED
    fi
  done
}

learn_migration() {
  if uses_iam_login; then
    learn database-users alloydb gcloud alloydb users list --cluster="$(alloydb_part 6)" --region="$(alloydb_part 4)" --project="$PROJECT" --format='value(name.basename())'
  fi
  if uses_alloydb; then
    learn migration run gcloud run jobs list --project="$PROJECT" --region="$REGION" --format='csv[no-heading,separator="|"](metadata.name,metadata.labels.a2a-migrated)'
  fi
}

# Creates the database and the tables, or brings them to the program's version, with the program itself: migrate_alloydb IMAGE
migrate_alloydb() {
  local hash login
  if ! uses_alloydb; then return; fi
  step="Tables in AlloyDB"
  environment_file "$work/migrate.yaml"
  printf 'A2A_MIGRATE: "true"\n' >>"$work/migrate.yaml"
  login=$(secrets_of SweepFunction | grep '^A2A__PostgreSql__' | tr '\n' ',') || login=''
  if [ -n "$login" ]; then login=--set-secrets=${login%,}; else login=--clear-secrets; fi
  add_grants "$work/migrate.yaml"
  # shellcheck disable=SC2046 # One flag for each word.
  set -- --image="$1" --service-account="a2a-worker@$account_domain" "$login" --max-retries=2 --task-timeout=1800 $(network_flags service)
  hash=$({ cat "$work/migrate.yaml"; printf '%s\n' "$@"; } | openssl dgst -sha256 -r | cut -c 1-40)
  if knows migration "$migration|$hash"; then return; fi
  if uses_iam_login && ! lists migration "$migration|"; then
    login=$(database_user "a2a-worker@$account_domain")
    say "  # The job logs in as $login, who needs the right to create a schema. As an administrator of the cluster run once:"
    say "  # create database $(database_name); grant create on database $(database_name) to \"$login\";"
  fi
  change gcloud run jobs deploy "$migration" --project="$PROJECT" --region="$REGION" "$@" --env-vars-file="$work/migrate.yaml"
  change gcloud run jobs execute "$migration" --project="$PROJECT" --region="$REGION" --wait
  # Marked only now: a migration that has failed is made again.
  change gcloud run jobs update "$migration" --project="$PROJECT" --region="$REGION" --update-labels="a2a-migrated=$hash"
}

database_name() { setting A2A__PostgreSql__ConnectionString | tr ';' '\n' | sed -n 's/^ *[Dd]atabase *= *//p' | grep . || printf a2a; }

# The job logs in as the worker, who then owns the tables, and grants their use to the other accounts: add_grants FILE
add_grants() {
  local name index=0
  if ! uses_iam_login; then return; fi
  add_database_user "$1" RunTaskFunction
  while [ -e "$work/agent/A2A__PostgreSql__GrantTo__$index" ]; do index=$((index + 1)); done
  for name in $alloydb_accounts; do
    if [ "$name" = a2a-worker ]; then continue; fi
    printf 'A2A__PostgreSql__GrantTo__%s: "%s"\n' "$index" "$(database_user "$name@$account_domain")" >>"$1"
    index=$((index + 1))
  done
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
  if uses_iam_login; then
    gcloud alloydb users list --cluster="$(alloydb_part 6)" --region="$(alloydb_part 4)" --project="$PROJECT" --format='table(name.basename():label=USER,userType)'
  fi
  gcloud run jobs executions list --job="$migration" --project="$PROJECT" --region="$REGION" --limit=1
}
