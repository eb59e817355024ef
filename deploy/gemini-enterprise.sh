# shellcheck shell=bash
# What Gemini Enterprise knows of the agent: its card in the shape of A2A 0.3, and the authorization that its users give.

locations() { printf 'https://%s-discoveryengine.googleapis.com/v1alpha/projects/%s/locations/%s' "$APP_LOCATION" "$PROJECT" "$APP_LOCATION"; }
agents() { printf '%s/collections/default_collection/engines/%s/assistants/default_assistant/agents' "$(locations)" "$APP"; }

find_app() {
  [ -n "$APP" ] || fail "which app of Gemini Enterprise? --app ID, or APP=ID in the file."
  check_app_location
  find_project
  complete_settings
}

check_app_location() {
  case $APP_LOCATION in us | eu | global) ;; *) fail "the location of the app is '$APP_LOCATION': set us, eu or global." ;; esac
}

# discover METHOD ADDRESS [FILE]: its answer in $work/found.
discover() { call "$@" >"$work/found" 2>"$work/err" || fail "Gemini Enterprise says no ($1 ${2#*/v1alpha/}): $(one_line <"$work/err")"; }

# Text as a JSON string.
json_string() { printf '"%s"' "$(sed 's/\\/\\\\/g; s/"/\\"/g; s/	/\\t/g' | tr -d '\r' | awk 'NR > 1 { printf "\\n" } { printf "%s", $0 }')"; }

# The fields that are documented, and no other: strict readers refuse what they don't know.
strict_card() {
  visit AgentCardFunction /.well-known/agent-card.json -H 'A2A-Version: 0.3' >"$work/card"
  json 'json(protocolVersion,name,description,url,version,capabilities,skills[].id,skills[].name,skills[].description,skills[].tags,defaultInputModes,defaultOutputModes)' <"$work/card"
}

# The agents that are registered, a line each: id, a space, the address on the card.
registered() {
  local page='' name card
  while :; do
    discover GET "$(agents)?pageSize=100$page"
    cp "$work/found" "$work/page"
    json 'csv[no-heading,separator=" "](agents.name.basename(),agents.a2aAgentDefinition.jsonAgentCard.encode(base64))' --flatten='agents[]' <"$work/page" >"$work/agents"
    while read -r name card; do
      if [ -n "$card" ]; then printf '%s %s\n' "$name" "$(printf '%s' "$card" | openssl base64 -d -A | json 'value(url)')"; fi
    done <"$work/agents"
    page=$(json 'value(nextPageToken)' <"$work/page")
    if [ -z "$page" ]; then return; fi
    page="&pageToken=$page"
  done
}

# The id of this agent: that of the flag, or of the registered one whose card has this address: own_id ADDRESS
own_id() {
  if [ -n "$agent_id" ]; then printf '%s' "$agent_id"; else registered | awk -v address="$1" '$2 == address { print $1; exit }'; fi
}

# register also makes what is not there; update does not. Both let Gemini Enterprise call the agent.
register() {
  local id
  strict_card >"$work/strict"
  {
    printf '{"displayName":%s,"description":%s' "$(json 'value(name)' <"$work/strict" | json_string)" "$(json 'value(description)' <"$work/strict" | json_string)"
    if [ -n "$ICON" ]; then printf ',"icon":{"uri":%s}' "$(printf '%s' "$ICON" | json_string)"; fi
    printf ',"a2aAgentDefinition":{"jsonAgentCard":%s}' "$(json_string <"$work/strict")"
    if [ -n "$AUTHORIZATION" ]; then
      printf ',"authorizationConfig":{"agentAuthorization":"projects/%s/locations/%s/authorizations/%s"}' "$PROJECT" "$APP_LOCATION" "$AUTHORIZATION"
    fi
    printf '}'
  } >"$work/agent"
  id=$(own_id "$(json 'value(url)' <"$work/strict")")
  if [ -z "$id" ] && [ "$1" = update ]; then fail "this agent is not registered with $APP: ./deploy.sh register."; fi
  if ! is_on discoveryengine; then change gcloud services enable discoveryengine.googleapis.com --project="$PROJECT"; fi
  # Without OAuth, Gemini Enterprise calls in the name of its service agent.
  if [ "$UNAUTHENTICATED" = false ]; then INVOKERS="$INVOKERS serviceAccount:service-$number@gcp-sa-discoveryengine.iam.gserviceaccount.com" allow_callers 'MessageFunction AgentCardFunction'; fi
  step="Gemini Enterprise, app $APP"
  if [ -n "$id" ]; then
    change_api PATCH "$(agents)/$id" "$work/agent"
    say "Agent $id is up to date."
  else
    change_api POST "$(agents)" "$work/agent"
    if [ "$dry_run" = false ]; then say "Agent $(json 'value(name.basename())' <"$work/out") is registered."; fi
  fi
}

show_agent() {
  local id
  id=$(own_id "$(setting A2A__Agent__PublicUrl)")
  [ -n "$id" ] || fail "this agent is not registered with $APP."
  discover GET "$(agents)/$id"
  cat "$work/found"
}

unregister() {
  local id
  id=$(own_id "$(setting A2A__Agent__PublicUrl)")
  [ -n "$id" ] || fail "this agent is not registered with $APP."
  change_api DELETE "$(agents)/$id"
}

# authorization create|delete. The secret comes from a file or is asked for, never from an argument, which others can see.
authorization() {
  local secret
  [ -n "$AUTHORIZATION" ] || fail "which authorization? --authorization ID."
  case $1 in
    create)
      [ -n "$client_id" ] || fail "an authorization needs the OAuth client: --client-id ID."
      if [ -n "$client_secret_file" ]; then
        [ -f "$client_secret_file" ] || fail "there is no file $client_secret_file."
        secret=$(cat "$client_secret_file")
      else
        printf 'OAuth client secret: '
        read -rs secret || secret=''
        printf '\n'
      fi
      [ -n "$secret" ] || fail "the OAuth client's secret is empty."
      printf '{"name":"projects/%s/locations/%s/authorizations/%s","serverSideOauth2":{"clientId":%s,"clientSecret":%s,"authorizationUri":%s,"tokenUri":%s}}' \
        "$PROJECT" "$APP_LOCATION" "$AUTHORIZATION" "$(printf '%s' "$client_id" | json_string)" "$(printf '%s' "$secret" | json_string)" \
        "$(printf '%s' "$authorization_uri" | json_string)" "$(printf '%s' "$token_uri" | json_string)" >"$work/authorization"
      change_api POST "$(locations)/authorizations?authorizationId=$AUTHORIZATION" "$work/authorization" secret
      ;;
    delete) change_api DELETE "$(locations)/authorizations/$AUTHORIZATION" ;;
    *) fail "authorization create or authorization delete?" ;;
  esac
}
