# shellcheck shell=bash
# The project: checks before the first change, APIs, service accounts and their roles.

# In the order of deployment. Workers come first: what a new MessageFunction appends, an old RunTaskFunction may not be able to read.
functions='RunTaskFunction NotifyFunction SweepFunction DeadLetterFunction MessageFunction AgentCardFunction'
# With those that only some deployments have.
every_function="$functions CallbackFunction"

accounts='a2a-message a2a-worker a2a-notifier a2a-trigger a2a-builder'

needed_permissions() {
  printf '%s\n' serviceusage.services.enable serviceusage.services.use resourcemanager.projects.setIamPolicy iam.serviceAccounts.create iam.serviceAccounts.actAs \
    secretmanager.secrets.create pubsub.topics.create cloudscheduler.jobs.create run.services.setIamPolicy
  if uses_iam_login; then printf '%s\n' alloydb.users.list alloydb.users.create; fi
  if uses_alloydb; then printf '%s\n' alloydb.instances.get run.jobs.create run.jobs.run; else printf '%s\n' datastore.databases.create datastore.indexes.create; fi
  if [ "$CONTAINER" = true ]; then
    printf '%s\n' run.services.create artifactregistry.repositories.create cloudbuild.builds.create
  else
    printf '%s\n' cloudfunctions.functions.create
  fi
  if [ "$ALERTS" = true ]; then printf '%s\n' monitoring.alertPolicies.create; fi
  if exports_to_google; then printf '%s\n' monitoring.dashboards.create; fi
}

needed_apis() {
  printf '%s\n' run cloudbuild artifactregistry pubsub secretmanager cloudscheduler iam cloudresourcemanager logging
  if [ "$CONTAINER" = false ]; then printf '%s\n' cloudfunctions eventarc; fi
  if [ -n "$(setting A2A__Gemini__Model)" ]; then printf '%s\n' aiplatform; fi
  if uses_alloydb; then printf '%s\n' alloydb; else printf '%s\n' firestore; fi
  if [ "$ALERTS" = true ] || exports_to_google; then printf '%s\n' monitoring; fi
  if exports_to_google; then printf '%s\n' telemetry cloudtrace; fi
}

is_on() { knows apis "$1.googleapis.com"; }

# Creates Google's service agent, which exists only once it has been requested: make_agent SERVICE PROJECT
make_agent() { change gcloud beta services identity create --service="$1.googleapis.com" --project="$2"; }

# A service has the name of its function in lower case. The lists have each name at the same place, so that no program is started for it.
every_service=$(printf '%s' "$every_function" | tr '[:upper:]' '[:lower:]')
service_of() {
  local before=${every_function%%"$1"*}
  printf '%s' "${every_service:${#before}:${#1}}"
}

# Cloud Run's address of a function is deterministic: it is known before the function exists.
address_of() {
  printf https://
  service_of "$1"
  printf -- '-%s.%s.run.app' "$number" "$REGION"
}

topic_of() {
  case $1 in
    RunTaskFunction) printf a2a-tasks ;;
    NotifyFunction) printf a2a-notifications ;;
    SweepFunction) printf a2a-sweep ;;
    DeadLetterFunction) printf a2a-dead ;;
  esac
}

account_of() {
  case $1 in
    AgentCardFunction | MessageFunction | CallbackFunction) printf 'a2a-message@%s' "$account_domain" ;;
    NotifyFunction) printf 'a2a-notifier@%s' "$account_domain" ;;
    *) printf 'a2a-worker@%s' "$account_domain" ;;
  esac
}

check_function() {
  case " $every_function " in *" $1 "*) ;; *) fail "unknown function '$1': use one of $every_function." ;; esac
}

# Finds the project's number and the APIs that are enabled.
find_project() {
  transient=$busy persist "$work/number" "$work/err" gcloud projects describe "$PROJECT" --format='value(projectNumber)' || true
  number=$(cat "$work/number")
  if [ -z "$number" ]; then
    fail "project $PROJECT cannot be read: it does not exist, or $(gcloud config get-value account 2>/dev/null || true) lacks permission ($(one_line <"$work/err"))."
  fi
  pubsub_agent=service-$number@gcp-sa-pubsub.iam.gserviceaccount.com
  fetch apis "the APIs of $PROJECT" gcloud services list --enabled --project="$PROJECT" --format='value(config.name)'
}

# Checks the project before the first change.
check_project() {
  local missing
  find_project
  # Only a warning: deploying needs neither permission to see the billing nor its API. Without a billing account a later change fails.
  if ! transient=$busy persist "$work/billing" "$work/err" gcloud billing projects describe "$PROJECT" --format='value(billingEnabled)'; then
    warn "the billing of $PROJECT cannot be read; skipping the check for a billing account: $(one_line <"$work/err")"
  elif ! knows billing True; then
    fail "project $PROJECT has no billing account: run gcloud billing projects link $PROJECT --billing-account=ID."
  fi

  needed_permissions | sed 's/.*/"&"/' | tr '\n' ',' | sed 's/^/{"permissions":[/; s/,$/]}/' >"$work/permissions"
  if ! transient=$busy persist "$work/granted" "$work/err" call POST "https://cloudresourcemanager.googleapis.com/v1/projects/$PROJECT:testIamPermissions" "$work/permissions"; then
    say "The permissions on $PROJECT cannot be checked in advance ($(one_line <"$work/err")); a missing one fails the change that needs it."
    needed_permissions | sed 's/.*/"&"/' >"$work/granted"
  fi
  missing=$(needed_permissions | while read -r permission; do grep -qF "\"$permission\"" "$work/granted" || printf ' %s' "$permission"; done)
  [ -z "$missing" ] || fail "missing permissions on $PROJECT:$missing. An owner of the project can grant them."
  check_region
  find_scheduler
}

# Checks the region if the API is enabled; enable_apis calls this again.
check_region() {
  if [ -e "$work/regions" ] || ! is_on run; then return; fi
  persist "$work/regions" "$work/err" gcloud run regions list --project="$PROJECT" --format='value(locationId)' || fail "the regions cannot be read: $(one_line <"$work/err")"
  knows regions "$REGION" || fail "REGION is '$REGION', which is not a region of Cloud Run: set one of $(one_line <"$work/regions")."
}

enable_apis() {
  local missing
  missing=$(needed_apis | while read -r api; do is_on "$api" || printf '%s.googleapis.com\n' "$api"; done)
  if [ -z "$missing" ]; then return; fi
  step="APIs"
  # shellcheck disable=SC2086 # One word for each.
  change gcloud services enable $missing --project="$PROJECT"
  if [ "$dry_run" = false ]; then printf '%s\n' "$missing" >>"$work/apis"; fi
  check_region
  find_scheduler
}

learn_project() {
  learn accounts iam gcloud iam service-accounts list --project="$PROJECT" --format='value(email)'
  learn roles cloudresourcemanager gcloud projects get-iam-policy "$PROJECT" --flatten='bindings[].members' --format='csv[no-heading,separator=" "](bindings.role,bindings.members)'
}

project_roles() {
  local name
  printf '%s\n' 'roles/cloudbuild.builds.builder a2a-builder'
  if [ "$CONTAINER" = false ]; then printf '%s\n' 'roles/eventarc.eventReceiver a2a-trigger'; fi
  if [ -n "$(setting A2A__Gemini__Model)" ]; then printf '%s\n' 'roles/aiplatform.user a2a-worker'; fi
  if exports_to_google; then
    for name in a2a-message a2a-worker a2a-notifier; do printf '%s\n' "roles/telemetry.tracesWriter $name" "roles/telemetry.metricsWriter $name"; done
  fi
  if ! uses_alloydb; then
    printf '%s\n' 'roles/datastore.user a2a-message' 'roles/datastore.user a2a-worker' 'roles/datastore.user a2a-notifier'
  else
    for name in $alloydb_accounts; do
      printf '%s\n' "roles/alloydb.client $name" "roles/serviceusage.serviceUsageConsumer $name"
      if uses_iam_login; then printf '%s\n' "roles/alloydb.databaseUser $name"; fi
    done
  fi
}

make_accounts() {
  local name role
  step="Service accounts and their roles"
  for name in $accounts; do
    if ! knows accounts "$name@$account_domain"; then
      change gcloud iam service-accounts create $name --project="$PROJECT" --display-name="ServerlessA2A: ${name#a2a-}"
    fi
  done
  while read -r role name; do
    if ! knows roles "$role serviceAccount:$name@$account_domain"; then
      change gcloud projects add-iam-policy-binding "$PROJECT" --member="serviceAccount:$name@$account_domain" --role="$role" --condition=None
    fi
  done <<EOF
$(project_roles)
EOF
}
