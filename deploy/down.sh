# shellcheck shell=bash
# Removes the resources that up created; data only with --delete-data.

down() {
  local name role member
  find_project
  if uses_alloydb; then
    ask "This removes the agent from $PROJECT$([ "$delete_data" = false ] || printf ' and deletes its keys'). Its tables$(if uses_iam_login; then printf ' and their users'; fi) stay in AlloyDB, in the schema $(setting A2A__PostgreSql__Schema | grep . || printf a2a) of $ALLOYDB."
  elif [ "$delete_data" = true ]; then
    ask "This removes the agent from $PROJECT and deletes its tasks (the whole Firestore database $DATABASE, including other data in it) and its keys."
  else
    ask "This removes the agent from $PROJECT. It keeps the tasks in Firestore and the keys in Secret Manager."
  fi
  complete_settings
  offer_unregistering
  find_scheduler
  learn_project
  learn_pubsub
  learn_alerts
  learn_dashboard
  learn_functions
  learn_services
  learn_containers
  learn migration run gcloud run jobs list --project="$PROJECT" --region="$REGION" --format='csv[no-heading,separator="|"](metadata.name,metadata.labels.a2a-migrated)'
  learned

  if lists jobs 'a2a-sweep|'; then change gcloud scheduler jobs delete a2a-sweep --project="$PROJECT" --location="$(scheduler_region)" --quiet; fi
  for name in $every_function; do
    if lists functions "$name|"; then
      change gcloud functions delete "$name" --gen2 --project="$PROJECT" --region="$REGION" --quiet
    elif grep -q "^$(service_of "$name")|[^|]" "$work/deployed-services"; then
      change gcloud run services delete "$(service_of "$name")" --project="$PROJECT" --region="$REGION" --quiet
    fi
    role=$(topic_of "$name")-$(service_of "$name")
    if lists subscriptions "$role|"; then change gcloud pubsub subscriptions delete "$role" --project="$PROJECT"; fi
  done
  if lists migration "$migration|"; then change gcloud run jobs delete "$migration" --project="$PROJECT" --region="$REGION" --quiet; fi
  if knows repositories 'a2a|ServerlessA2A'; then change gcloud artifacts repositories delete a2a --project="$PROJECT" --location="$REGION" --quiet; fi
  for name in $topics; do
    if knows topics "$name"; then change gcloud pubsub topics delete "$name" --project="$PROJECT"; fi
  done
  while read -r role member; do
    name=${member#serviceAccount:}
    case " $accounts " in
      *" ${name%@"$account_domain"} "*) change gcloud projects remove-iam-policy-binding "$PROJECT" --member="$member" --role="$role" --condition=None ;;
    esac
  done <"$work/roles"
  for name in $accounts; do
    if knows accounts "$name@$account_domain"; then change gcloud iam service-accounts delete "$name@$account_domain" --project="$PROJECT" --quiet; fi
  done
  delete_alerts
  delete_dashboard
  if [ "$delete_data" = true ]; then delete_data; fi
  if [ "$changes" -eq 0 ]; then say "Nothing to remove: $PROJECT has no resources of the agent."; fi
}

delete_data() {
  local name
  learn databases firestore gcloud firestore databases list --project="$PROJECT" --format='value(name.basename())'
  learn secrets secretmanager gcloud secrets list --project="$PROJECT" --format='value(name.basename())'
  learned
  if ! uses_alloydb && knows databases "$DATABASE"; then change gcloud firestore databases delete --project="$PROJECT" --database="$DATABASE" --quiet; fi
  for name in $SIGNING_KEYS $ENCRYPTION_KEYS "$API_KEY" "$API_KEY-hash"; do
    if knows secrets "$name"; then change gcloud secrets delete "$name" --project="$PROJECT" --quiet; fi
  done
}
