# shellcheck shell=bash
# Gemini Enterprise: the agent's registration, which holds its card in the form of A2A 0.3, and the OAuth client with which an app asks its users
# for consent.

app_form='projects/([a-z0-9.-]+:)?[a-z0-9-]+/locations/(us|eu|global)/collections/[A-Za-z0-9_-]+/engines/[A-Za-z0-9_-]+'
app_project='' app_number='' app_id='' collection=default_collection
redirect_uri=https://vertexaisearch.cloud.google.com/static/oauth/oauth.html

locations() { printf 'https://%s-discoveryengine.googleapis.com/v1alpha/projects/%s/locations/%s' "$APP_LOCATION" "$app_project" "$APP_LOCATION"; }
agents() { printf '%s/collections/%s/engines/%s/assistants/default_assistant/agents' "$(locations)" "$collection" "$app_id"; }

find_app() {
  [ -n "$APP" ] || fail "APP is not set: use --app ID, or APP=ID in the file; for an app in another project its full resource name."
  find_project
  complete_settings
}

# APP is an id, or a resource name, which also contains the project and the location.
check_app() {
  app_project=$PROJECT app_id=$APP
  case $APP in
    */*)
      is_like "$APP" "$app_form" || fail "APP is '$APP': set an id, or projects/PROJECT/locations/us|eu|global/collections/default_collection/engines/ID."
      collection=${APP#*/collections/} collection=${collection%%/*}
      app_project=${APP#projects/} app_project=${app_project%%/*}
      app_id=${APP##*/}
      APP_LOCATION=${APP#*/locations/} APP_LOCATION=${APP_LOCATION%%/*}
      ;;
    *) is_like "$APP" '[A-Za-z0-9_-]*' || fail "APP is '$APP': set the id of an app, or its full resource name." ;;
  esac
  case $APP_LOCATION in us | eu | global) ;; *) fail "APP_LOCATION is '$APP_LOCATION': set us, eu or global." ;; esac
}

# Finds the number of the app's project, which is part of its service agent's address.
find_app_number() {
  case $app_project in
    "$PROJECT" | "$number") app_project=$PROJECT app_number=$number ;;
    *[!0-9]*)
      transient=$busy persist "$work/app-number" "$work/err" gcloud projects describe "$app_project" --format='value(projectNumber)' || true
      app_number=$(cat "$work/app-number")
      [ -n "$app_number" ] ||
        fail "the app's project $app_project cannot be read: $(one_line <"$work/err") Use the project's number instead of its id in APP to avoid this call."
      ;;
    *) app_number=$app_project ;;
  esac
}

# Calls the Discovery Engine API and writes the response to $work/found: discover METHOD ADDRESS [FILE]
discover() { persist "$work/found" "$work/err" call "$@" || fail "Gemini Enterprise rejected $1 ${2#*/v1alpha/}: $(one_line <"$work/err")"; }

# Prints only the documented fields, because strict readers reject unknown ones.
strict_card() {
  visit AgentCardFunction /.well-known/agent-card.json -H 'A2A-Version: 0.3' >"$work/card"
  gcloud meta list-from-json <"$work/card" \
    --format='json(protocolVersion,name,description,url,version,capabilities,skills[].id,skills[].name,skills[].description,skills[].tags,defaultInputModes,defaultOutputModes)'
}

# Prints a text of that card: text_of NAME
text_of() { printf %b "$(json "print value[\"$1\"]" <"$work/strict")"; }

# Lists the registered agents, one per line: id, a space, the address on the card.
registered() {
  local page='' name card
  while :; do
    discover GET "$(agents)?pageSize=100$page"
    cp "$work/found" "$work/page"
    json '
      for (i = 0; (agent = "agents." i ".") "name" in value; i++)
        if ((card = agent "a2aAgentDefinition.jsonAgentCard") in value) print value[agent "name"], value[card]' <"$work/page" >"$work/agents"
    while read -r name card; do
      printf '%s %s\n' "${name##*/}" "$(printf %b "$card" | json 'print value["url"]')"
    done <"$work/agents"
    page=$(json 'print value["nextPageToken"]' <"$work/page")
    if [ -z "$page" ]; then return; fi
    page="&pageToken=$page"
  done
}

# Prints the id of this agent, from --agent or from the registered agent whose card has the address: own_id ADDRESS
own_id() {
  if [ -n "$agent_id" ]; then printf '%s' "$agent_id"; else registered | awk -v address="$1" '$2 == address && !found++ { print $1 }'; fi
}

# Registers the agent or updates its registration: register register|update. update fails if there is none. Both let Gemini Enterprise call the agent.
register() {
  local id
  strict_card >"$work/strict"
  {
    printf '{"displayName":%s,"description":%s' "$(json_string "$(text_of name)")" "$(json_string "$(text_of description)")"
    if [ -n "$ICON" ]; then printf ',"icon":{"uri":%s}' "$(json_string "$ICON")"; fi
    printf ',"a2aAgentDefinition":{"jsonAgentCard":%s}' "$(json_string "$(<"$work/strict")")"
    if [ -n "$AUTHORIZATION" ]; then
      printf ',"authorizationConfig":{"agentAuthorization":"projects/%s/locations/%s/authorizations/%s"}' "$app_project" "$APP_LOCATION" "$AUTHORIZATION"
    fi
    printf '}'
  } >"$work/registration"
  id=$(own_id "$(json 'print value["url"]' <"$work/strict")")
  if [ -z "$id" ] && [ "$1" = update ]; then fail "this agent is not registered with $app_id: run ./deploy.sh register."; fi
  allow_app
  step="Gemini Enterprise, app $app_id"
  if [ -n "$id" ]; then
    change_api PATCH "$(agents)/$id" "$work/registration"
    say "Updated agent $id."
  else
    change_api POST "$(agents)" "$work/registration"
    if [ "$dry_run" = false ]; then say "Registered agent $(json 'sub(/.*\//, "", value["name"]); print value["name"]' <"$work/out")."; fi
  fi
  say "The first messages can fail for about 90 s after a registration."
  if [ "$(identities)" = iam ]; then
    say "With the identity iam all users of Gemini Enterprise are one caller: run up with APP=$APP to lift the limits per caller (A2A__Limits__OpenStreams, RequestsPerSecond, UnfinishedTasks)."
  fi
}

# Grants Run Invoker to the service agent of the app's project, as which Gemini Enterprise calls the agent without OAuth.
allow_app() {
  local member
  find_app_number
  if [ "$app_project" = "$PROJECT" ] && ! is_on discoveryengine; then change gcloud services enable discoveryengine.googleapis.com --project="$PROJECT"; fi
  if [ "$UNAUTHENTICATED" = true ]; then return; fi
  member=serviceAccount:service-$app_number@gcp-sa-discoveryengine.iam.gserviceaccount.com
  learn_callers MessageFunction
  learn_callers AgentCardFunction
  learned
  if ! knows callers-messagefunction "roles/run.invoker $member"; then
    # In another project this may be forbidden; that is harmless, because the project of an app in use has its service agent already.
    if [ "$app_project" = "$PROJECT" ]; then make_agent discoveryengine "$PROJECT"; else (make_agent discoveryengine "$app_project") || warn "assuming that the service agent of $app_project exists."; fi
  fi
  INVOKERS="$INVOKERS $member" allow_callers 'MessageFunction AgentCardFunction'
}

# Offers, in down, to unregister the agent: otherwise the app keeps showing an agent that no longer exists.
offer_unregistering() {
  local id answer
  if [ -z "$APP" ]; then
    say "If the agent is registered with Gemini Enterprise, unregister it: ./deploy.sh unregister --app ID."
    return
  fi
  if ! id=$(own_id "$(setting A2A__Agent__PublicUrl)"); then
    warn "the registrations of $app_id cannot be read. If the agent is registered there, run ./deploy.sh unregister --app $APP."
    return
  fi
  if [ -z "$id" ]; then return; fi
  if [ "$yes" = false ] && [ "$dry_run" = false ]; then
    printf 'The agent is registered with %s as %s. Unregister it? [y/N] ' "$app_id" "$id"
    read -r answer || answer=
    case $answer in y | Y | yes) ;; *) return ;; esac
  fi
  change_api DELETE "$(agents)/$id"
}

show_agent() {
  local id
  id=$(own_id "$(setting A2A__Agent__PublicUrl)")
  [ -n "$id" ] || fail "this agent is not registered with $app_id."
  discover GET "$(agents)/$id"
  cat "$work/found"
}

unregister() {
  local id
  id=$(own_id "$(setting A2A__Agent__PublicUrl)")
  [ -n "$id" ] || fail "this agent is not registered with $app_id."
  change_api DELETE "$(agents)/$id"
}

# Prints the address where users consent, in the form of Google's guide, or that of --authorization-uri, which is used unchanged if it has
# parameters.
consent_address() {
  local base=${authorization_uri:-https://accounts.google.com/o/oauth2/v2/auth}
  case $base in
    *\?*) printf '%s' "$base" ;;
    *)
      printf '%s?client_id=%s&redirect_uri=%s&scope=%s&include_granted_scopes=true&response_type=code&access_type=offline&prompt=consent' \
        "$base" "$(percent_encoded "$client_id")" "$(percent_encoded "$redirect_uri")" "$(percent_encoded "$(printf '%s' "${scopes:-openid email}" | tr -s ', ' '  ')")"
      ;;
  esac
}

percent_encoded() {
  local text=$1 character
  while [ -n "$text" ]; do
    character=${text%"${text#?}"} text=${text#?}
    case $character in [A-Za-z0-9._~-]) printf '%s' "$character" ;; *) printf '%%%02X' "'$character" ;; esac
  done
}

# Validates the arguments of authorization create: they become parts of an address.
check_authorization() {
  is_like "$AUTHORIZATION" '[A-Za-z0-9_-]+' || fail "AUTHORIZATION is '$AUTHORIZATION': use --authorization ID with letters, digits, - and _."
  if [ "$1" = delete ]; then return; fi
  [ -n "$client_id" ] || fail "authorization create needs the OAuth client: --client-id ID."
  is_like "$client_id" '[!-~]+' || fail "--client-id is '$client_id': copy the id of the OAuth client."
  is_like "$scopes" '[ -~]*' || fail "--scopes is '$scopes': use scopes such as https://www.googleapis.com/auth/cloud-platform, separated by spaces or commas."
  case $authorization_uri in '' | https://*) ;; *) fail "--authorization-uri is '$authorization_uri': it must begin with https://." ;; esac
  case $authorization_uri in *\?*) [ -z "$scopes" ] || fail "--scopes and an --authorization-uri with parameters exclude each other: put the scopes into the address, or remove its parameters." ;; esac
}

# authorization create|delete. The secret comes from a file or a prompt, never from an argument, which other users can see.
authorization() {
  local secret
  case $1 in create | delete) ;; *) fail "use authorization create or authorization delete." ;; esac
  check_authorization "$1"
  case $1 in
    create)
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
        "$app_project" "$APP_LOCATION" "$AUTHORIZATION" "$(json_string "$client_id")" "$(json_string "$secret")" \
        "$(json_string "$(consent_address)")" "$(json_string "$token_uri")" >"$work/authorization"
      change_api POST "$(locations)/authorizations?authorizationId=$AUTHORIZATION" "$work/authorization" secret
      ;;
    delete) change_api DELETE "$(locations)/authorizations/$AUTHORIZATION" ;;
  esac
}
