# shellcheck shell=bash
# The deployed agent: smoke test, status and logs.

# Prints the headers that authenticate this machine at an address: credentials_for ADDRESS
credentials_for() {
  local token header
  case $(identities | head -n 1) in
    api-key)
      fetch api-key "the secret $API_KEY" gcloud secrets versions access latest --secret="$API_KEY" --project="$PROJECT"
      header=$(setting A2A__Security__ApiKeys__Header)
      printf '%s: %s\n' "${header:-X-API-Key}" "$(cat "$work/api-key")"
      ;;
    google-access-token)
      get_access_token
      cat "$work/bearer"
      ;;
    oidc)
      [ -n "${A2A_IDENTITY_TOKEN:-}" ] || fail "A2A_IDENTITY_TOKEN is not set: the smoke test needs a token of the agent's OpenID provider."
      printf 'Authorization: Bearer %s\n' "$A2A_IDENTITY_TOKEN"
      ;;
  esac
  if [ "$UNAUTHENTICATED" = true ]; then return; fi
  # A service account's token needs an audience; gcloud cannot choose one for a person's token, which Cloud Run accepts as it is.
  token=${A2A_IDENTITY_TOKEN:-$(gcloud auth print-identity-token --audiences="$1" ${CLOUDSDK_AUTH_IMPERSONATE_SERVICE_ACCOUNT:+--include-email} 2>/dev/null || gcloud auth print-identity-token 2>/dev/null || true)}
  [ -n "$token" ] || fail "gcloud has no identity token: run gcloud auth login, or set A2A_IDENTITY_TOKEN."
  printf 'X-Serverless-Authorization: Bearer %s\n' "$token"
}

# Calls the agent: visit FUNCTION PATH [CURL ARGUMENTS...]. Retries rejected calls, because a new grant takes a while to propagate.
visit() {
  local name=$1 path=$2 address status try=1
  shift 2
  address=$(address_of "$name")
  if [ ! -s "$work/credentials-$name" ]; then credentials_for "$address" >"$work/credentials-$name"; fi
  while :; do
    status=$(curl -sS -H "@$work/credentials-$name" -o "$work/answer" -w '%{http_code}' --max-time 120 "$@" "$(via "$address$path")" 2>"$work/err") || status=000
    case $status in
      200)
        cat "$work/answer"
        return
        ;;
      000 | 401 | 403 | 404 | 429 | 5??) if [ "$try" -ge "$patience" ]; then break; fi ;;
      *) break ;;
    esac
    sleep "$retry_seconds"
    try=$((try + 1))
  done
  fail "$address$path returned $status: $(cat "$work/err" "$work/answer" 2>/dev/null | one_line) See ./deploy.sh logs."
}

# The state in an answer to SendMessage or GetTask.
task_state() { json 'path = "result.task.status.state"; if (!(path in value)) path = "result.status.state"; print value[path]' <"$1"; }

rpc() {
  visit MessageFunction / -H 'Content-Type: application/json' -H 'A2A-Version: 1.0' ${extensions:+-H "A2A-Extensions: $extensions"} -d "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"$1\",\"params\":$2}" >"$work/reply"
  if grep -q '"error":{' "$work/reply"; then fail "$1 was rejected: $(one_line <"$work/reply")"; fi
}

# Fetches the card and runs one task to completion. It sends without waiting, because then even an agent that replies with messages returns a task.
smoke() {
  local state id try=0 extensions
  say "Smoke test:"
  visit AgentCardFunction /.well-known/agent-card.json >"$work/card"
  say "  Fetched the card of $(json 'print value["name"]' <"$work/card")."
  extensions=$(json '
    for (i = 0; (extension = "capabilities.extensions." i ".") "uri" in value; i++)
      if (value[extension "required"] == "true") { printf "%s%s", separator, value[extension "uri"]; separator = ", " }' <"$work/card")
  rpc SendMessage "{\"message\":{\"messageId\":\"deploy-$(openssl rand -hex 8)\",\"role\":\"ROLE_USER\",\"parts\":[{\"text\":\"Answer with the one word: ready\"}]},\"configuration\":{\"returnImmediately\":true,\"historyLength\":0}}"
  id=$(json 'print value["result.task.id"]' <"$work/reply")
  state=$(task_state "$work/reply")
  while [ "$state" = TASK_STATE_SUBMITTED ] || [ "$state" = TASK_STATE_WORKING ]; do
    try=$((try + 1))
    if [ "$try" -gt 120 ]; then fail "task $id is still $state: see ./deploy.sh logs RunTaskFunction."; fi
    sleep "$poll_seconds"
    rpc GetTask "{\"id\":\"$id\",\"historyLength\":0}"
    state=$(task_state "$work/reply")
  done
  [ "$state" = TASK_STATE_COMPLETED ] || fail "task $id ended in state $state: $(one_line <"$work/reply")"
  say "  Task $id completed."
}

show_status() {
  find_project
  say "project $PROJECT, region $REGION, agent $(address_of MessageFunction)/"
  if is_on cloudfunctions; then
    fetch listed "the functions" gcloud functions list --v2 --project="$PROJECT" --regions="$REGION" --format='table(name.basename():label=FUNCTION,state,updateTime.date(tz=UTC):label=UPDATED,serviceConfig.serviceAccountEmail:label=ACCOUNT,eventTrigger.pubsubTopic.basename():label=TOPIC)'
    cat "$work/listed"
  fi
  if is_on run; then
    fetch listed "the services" gcloud run services list --project="$PROJECT" --region="$REGION" --filter='metadata.labels.a2a-deployed:*' --format='table(metadata.name:label=SERVICE,status.conditions[0].status:label=READY,status.url)'
    cat "$work/listed"
  fi
  if is_on pubsub; then
    learn_subscriptions
    learned
    say "subscriptions (name|ack deadline|min backoff|max backoff|dead-letter topic|max attempts|retention):"
    grep -iE "$(printf '%s' "$functions" | tr ' ' '|')" "$work/subscriptions" | sed 's/^/  /' || say "  none"
  fi
  show_alloydb
}

# Prints the last log lines of one function, or of all.
show_logs() {
  local name services=''
  find_project
  for name in ${1:-$every_function}; do services="$services OR \"$(service_of "$name")\""; done
  fetch lines "the log" gcloud logging read "resource.type=\"cloud_run_revision\" AND resource.labels.location=\"$REGION\" AND resource.labels.service_name=(${services# OR })" \
    --project="$PROJECT" --limit=100 --format='value(timestamp,severity,resource.labels.service_name,jsonPayload.message,textPayload,httpRequest.requestUrl)'
  cat "$work/lines"
}
