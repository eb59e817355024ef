# shellcheck shell=bash
# The functions, and the members that may call them.

# hash_of ENVIRONMENT-FILE ARGUMENTS...
hash_of() {
  local hash
  hash=$({ source_hash; cat "$1"; printf '%s\n' "${@:2}"; } | openssl dgst -sha256 -r)
  printf '%s' "${hash:0:40}"
}

learn_functions() {
  learn functions cloudfunctions gcloud functions list --v2 --project="$PROJECT" --regions="$REGION" \
    --format='csv[no-heading,separator="|"](name.basename(),state,labels.a2a-deployed)'
}

deploy_functions() {
  local name
  step="Functions (a build takes two minutes)"
  environment_file "$work/environment.yaml"
  for name in $1; do deploy_function "$name"; done
}

deploy_function() {
  local name=$1 environment="$work/environment-of-$1.yaml" hash
  cp "$work/environment.yaml" "$environment"
  add_database_user "$environment" "$name"
  set -- --gen2 --runtime=dotnet10 --entry-point="ServerlessA2A.Functions.$name" --run-service-account="$(account_of "$name")" \
    --build-service-account="projects/$PROJECT/serviceAccounts/a2a-builder@$account_domain" \
    --set-build-env-vars=GOOGLE_BUILDABLE="$project_path",GooglePackages=true,PublishReadyToRun=true,RuntimeIdentifier=linux-x64,SelfContained=false \
    "$(secrets_flag "$name")" --memory="$MEMORY" --cpu="$CPU" --max-instances="$MAX_INSTANCES"
  case $name in
    MessageFunction) set -- "$@" --trigger-http --timeout="${MESSAGE_TIMEOUT}s" --concurrency="$CONCURRENCY" --min-instances="$MIN_INSTANCES" ;;
    AgentCardFunction | CallbackFunction) set -- "$@" --trigger-http --timeout=60s --concurrency="$CONCURRENCY" --min-instances=0 ;;
    *) set -- "$@" --trigger-topic="$(topic_of "$name")" --trigger-service-account="a2a-trigger@$account_domain" --timeout=540s --concurrency="$WORKER_CONCURRENCY" --min-instances=0 ;;
  esac
  case $name in RunTaskFunction | NotifyFunction | DeadLetterFunction) set -- "$@" --retry ;; esac
  # shellcheck disable=SC2046 # One flag for each word.
  if [ "$name" != AgentCardFunction ]; then set -- "$@" $(network_flags function); fi
  hash=$(hash_of "$environment" "$@")
  if knows functions "$name|ACTIVE|$hash"; then return; fi
  case $name in AgentCardFunction | MessageFunction | CallbackFunction) if ! is_deployed "$name"; then set -- "$@" --no-allow-unauthenticated; fi ;; esac
  change gcloud functions deploy "$name" --project="$PROJECT" --region="$REGION" --source="$source" "$@" \
    --env-vars-file="$environment" --update-labels="a2a-deployed=$hash"
}

# Removes CallbackFunction if it is deployed and CALLBACKS is false.
remove_callbacks() {
  if [ "$CALLBACKS" = true ] || ! is_deployed CallbackFunction; then return; fi
  step="Callbacks"
  if [ "$CONTAINER" = true ]; then
    change gcloud run services delete "$(service_of CallbackFunction)" --project="$PROJECT" --region="$REGION" --quiet
  else
    change gcloud functions delete CallbackFunction --gen2 --project="$PROJECT" --region="$REGION" --quiet
  fi
}

# Configures the subscriptions that Eventarc created for the functions' triggers: connect_functions FUNCTIONS
connect_functions() {
  local name subscription
  learn triggers eventarc gcloud eventarc triggers list --project="$PROJECT" --location="$REGION" \
    --format='csv[no-heading,separator="|"](destination.cloudFunction.basename(),destination.cloudRun.service,transport.pubsub.subscription.basename())'
  learn_subscriptions
  learned
  for name in $1; do
    if [ -z "$(topic_of "$name")" ]; then continue; fi
    subscription=$(awk -F'|' -v name="$name" -v service="$(service_of "$name")" '$1 == name || $2 == service { print $3; exit }' "$work/triggers")
    if [ -z "$subscription" ]; then
      if [ "$dry_run" = false ]; then fail "$name has no trigger: delete the function (gcloud functions delete $name --region=$REGION) and run up again."; fi
      say "  # The subscription of $name (deadline, retries, retention, dead letters) is configured once its trigger exists."
      continue
    fi
    set_delivery "$name" "$subscription"
    if [ "$name" = RunTaskFunction ]; then allow_dead_letters "$subscription"; fi
  done
}

learn_callers() { learn_policy "callers-$(service_of "$1")" run "projects/$PROJECT/locations/$REGION/services/$(service_of "$1")"; }

# Whether this deployment opens a function to everyone.
is_open() { case $'\n'$(callers_of "$1")$'\n' in *$'\n'allUsers$'\n'*) ;; *) return 1 ;; esac; }

# Closes services that everyone may call now and that this deployment makes private: close_services FUNCTIONS. It must run before the
# deployment, because the new program may rely on Cloud Run's check: with the identity iam it trusts any token.
close_services() {
  local name closed=''
  step="Callers that lose access"
  for name in $1; do
    if is_open "$name" || ! knows "callers-$(service_of "$name")" 'roles/run.invoker allUsers'; then continue; fi
    change gcloud run services remove-iam-policy-binding "$(service_of "$name")" --project="$PROJECT" --region="$REGION" --member=allUsers --role=roles/run.invoker
    closed="$closed $name"
  done
  if [ "$dry_run" = true ]; then return; fi
  for name in $closed; do case $name in AgentCardFunction | MessageFunction) await_closed "$name" ;; esac; done
}

# Waits until Cloud Run rejects calls without a token: an IAM change takes a while to propagate.
await_closed() {
  local try=1 status
  while :; do
    status=$(curl -sS -o "$work/answer" -w '%{http_code}' --max-time 30 "$(via "$(address_of "$1")/.well-known/agent-card.json")" 2>"$work/err") || status=000
    case $status in 401 | 403 | 404) return ;; esac
    if [ "$try" -ge "$patience" ]; then fail "$1 still answers calls without a token ($status), although allUsers no longer has Run Invoker. Run it again in a few minutes; it continues from here."; fi
    sleep "$retry_seconds"
    try=$((try + 1))
  done
}

# Grants Run Invoker on the services, after the deployment: allow_callers FUNCTIONS
allow_callers() {
  local name service member
  step="Callers"
  for name in $1; do
    service=$(service_of "$name")
    for member in $(callers_of "$name"); do
      if ! knows "callers-$service" "roles/run.invoker $member"; then
        change gcloud run services add-iam-policy-binding "$service" --project="$PROJECT" --region="$REGION" --member="$member" --role=roles/run.invoker
      fi
    done
  done
}

callers_of() {
  case $1 in
    AgentCardFunction | MessageFunction)
      if [ "$UNAUTHENTICATED" = true ] || [ "$1$PUBLIC_CARD" = AgentCardFunctiontrue ]; then printf 'allUsers\n'; fi
      invokers
      ;;
    # A browser that returns from a provider has no credentials; the function accepts only states that the agent has signed.
    CallbackFunction) printf 'allUsers\n' ;;
    *) printf 'serviceAccount:%s\n' "a2a-trigger@$account_domain" ;;
  esac
}
