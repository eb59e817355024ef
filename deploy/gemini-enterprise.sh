# shellcheck shell=bash
# Gemini Enterprise: the registered agent, which is its card in the shape of A2A 0.3, and the OAuth client with which an app asks its users.

app_form='projects/([a-z0-9.-]+:)?[a-z0-9-]+/locations/(us|eu|global)/collections/[A-Za-z0-9_-]+/engines/[A-Za-z0-9_-]+'
app_project='' app_number='' app_id='' collection=default_collection
redirect_uri=https://vertexaisearch.cloud.google.com/static/oauth/oauth.html

locations() { printf 'https://%s-discoveryengine.googleapis.com/v1alpha/projects/%s/locations/%s' "$APP_LOCATION" "$app_project" "$APP_LOCATION"; }
agents() { printf '%s/collections/%s/engines/%s/assistants/default_assistant/agents' "$(locations)" "$collection" "$app_id"; }

find_app() {
  [ -n "$APP" ] || fail "which app of Gemini Enterprise? --app ID, or APP=ID in the file; for an app in another project its full resource name."
  find_project
  complete_settings
}

# An app is named by its id, or by its resource name, which also says its project and location.
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
  case $APP_LOCATION in us | eu | global) ;; *) fail "the location of the app is '$APP_LOCATION': set us, eu or global." ;; esac
}

# The number of the app's project, for the address of its service agent.
find_app_number() {
  case $app_project in
    "$PROJECT" | "$number") app_project=$PROJECT app_number=$number ;;
    *[!0-9]*)
      transient=$busy persist "$work/app-number" "$work/err" gcloud projects describe "$app_project" --format='value(projectNumber)' || true
      app_number=$(cat "$work/app-number")
      [ -n "$app_number" ] ||
        fail "the app's project $app_project cannot be read: $(one_line <"$work/err") With its number instead of its id, APP works without that."
      ;;
    *) app_number=$app_project ;;
  esac
}

# discover METHOD ADDRESS [FILE]: its answer in $work/found.
discover() { persist "$work/found" "$work/err" call "$@" || fail "Gemini Enterprise rejected $1 ${2#*/v1alpha/}: $(one_line <"$work/err")"; }

# The fields that are documented, and no other: strict readers reject what they do not know.
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
      printf ',"authorizationConfig":{"agentAuthorization":"projects/%s/locations/%s/authorizations/%s"}' "$app_project" "$APP_LOCATION" "$AUTHORIZATION"
    fi
    printf '}'
  } >"$work/registration"
  id=$(own_id "$(json 'value(url)' <"$work/strict")")
  if [ -z "$id" ] && [ "$1" = update ]; then fail "this agent is not registered with $app_id: ./deploy.sh register."; fi
  allow_app
  step="Gemini Enterprise, app $app_id"
  if [ -n "$id" ]; then
    change_api PATCH "$(agents)/$id" "$work/registration"
    say "Agent $id is up to date."
  else
    change_api POST "$(agents)" "$work/registration"
    if [ "$dry_run" = false ]; then say "Agent $(json 'value(name.basename())' <"$work/out") is registered."; fi
  fi
  say "The first messages can fail for about 90 s after a registration."
  if [ "$(identities)" = iam ]; then
    say "With the identity iam all users of Gemini Enterprise are one caller: up with APP=$APP lifts the limits per caller (A2A__Limits__OpenStreams, RequestsPerSecond, UnfinishedTasks)."
  fi
}

# Lets Gemini Enterprise call: without OAuth it does so as the service agent of the app's project.
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
    # In another project that may not be allowed, and need not be: an app that is used has its service agent.
    if [ "$app_project" = "$PROJECT" ]; then make_agent discoveryengine "$PROJECT"; else (make_agent discoveryengine "$app_project") || warn "going on without it."; fi
  fi
  INVOKERS="$INVOKERS $member" allow_callers 'MessageFunction AgentCardFunction'
}

# down: the app of APP would go on to show an agent that is not there any more.
offer_unregistering() {
  local id answer
  if [ -z "$APP" ]; then
    say "If the agent is registered with Gemini Enterprise, unregister it there: ./deploy.sh unregister --app ID."
    return
  fi
  if ! id=$(own_id "$(setting A2A__Agent__PublicUrl)"); then
    warn "whether the agent is registered with $app_id is not known: ./deploy.sh unregister --app $APP."
    return
  fi
  if [ -z "$id" ]; then return; fi
  if [ "$yes" = false ] && [ "$dry_run" = false ]; then
    printf 'The agent is registered with %s, as %s. Unregister it? [y/N] ' "$app_id" "$id"
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

# The address where users consent, in the form of Google's guide. Another provider's comes with --authorization-uri; with parameters of
# its own it is taken as it is.
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

# What the arguments of authorization create must be: the values become an address.
check_authorization() {
  is_like "$AUTHORIZATION" '[A-Za-z0-9_-]+' || fail "which authorization? --authorization ID, of letters, digits, - and _."
  if [ "$1" = delete ]; then return; fi
  [ -n "$client_id" ] || fail "an authorization needs the OAuth client: --client-id ID."
  is_like "$client_id" '[!-~]+' || fail "the client id is '$client_id': copy it from the OAuth client."
  is_like "$scopes" '[ -~]*' || fail "the scopes are '$scopes': write addresses such as https://www.googleapis.com/auth/cloud-platform, with spaces or commas between them."
  case $authorization_uri in '' | https://*) ;; *) fail "the authorization address is '$authorization_uri': it must begin with https://." ;; esac
  case $authorization_uri in *\?*) [ -z "$scopes" ] || fail "--scopes and --authorization-uri with parameters exclude each other: put the scopes into the address, or leave its parameters out." ;; esac
}

# authorization create|delete. The secret comes from a file or is asked for, never from an argument, which others can see.
authorization() {
  local secret
  case $1 in create | delete) ;; *) fail "authorization create or authorization delete?" ;; esac
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
        "$app_project" "$APP_LOCATION" "$AUTHORIZATION" "$(printf '%s' "$client_id" | json_string)" "$(printf '%s' "$secret" | json_string)" \
        "$(consent_address | json_string)" "$(printf '%s' "$token_uri" | json_string)" >"$work/authorization"
      change_api POST "$(locations)/authorizations?authorizationId=$AUTHORIZATION" "$work/authorization" secret
      ;;
    delete) change_api DELETE "$(locations)/authorizations/$AUTHORIZATION" ;;
  esac
}
