# shellcheck shell=bash
# The Firestore database with every index, exemption and TTL policy of firestore.indexes.json.

indexes=$here/firestore.indexes.json

learn_firestore() {
  if uses_alloydb; then return; fi
  learn databases firestore gcloud firestore databases list --project="$PROJECT" --format='value(name.basename())'
  json '
    for (i = 0; (entry = "indexes." i ".") "queryScope" in value; i++) {
      paths = orders = ""
      for (j = 0; (field = entry "fields." j ".") "order" in value; j++) {
        paths = paths (j ? "," : "") value[field "fieldPath"]
        orders = orders (j ? "," : "") value[field "order"]
      }
      print value[entry "collectionGroup"], value[entry "queryScope"], paths, orders
    }' <"$indexes" >"$work/wanted-indexes"
  json '
    for (i = 0; (entry = "fieldOverrides." i ".") "fieldPath" in value; i++) {
      only = entry "indexes.0."
      print value[entry "collectionGroup"], value[entry "fieldPath"], (entry "ttl" in value ? "ttl" : "-"), (only "order" in value ? 1 : 0),
        value[only "queryScope"], value[only "order"]
    }' <"$indexes" >"$work/wanted-fields"
  learned
  if ! knows databases "$DATABASE"; then return; fi
  learn indexes firestore gcloud firestore indexes composite list --project="$PROJECT" --database="$DATABASE" \
    --format='csv[no-heading,separator=" "](name.segment(5),queryScope,fields[].fieldPath.list(separator=","),fields[].order.list(separator=","))'
  learn exemptions firestore gcloud firestore indexes fields list --project="$PROJECT" --database="$DATABASE" \
    --format='csv[no-heading,separator=" "](name.segment(5),name.segment(7),indexConfig.indexes.len())'
  learn expiries firestore gcloud firestore fields ttls list --project="$PROJECT" --database="$DATABASE" --format='csv[no-heading,separator=" "](name.segment(5),name.segment(7))'
}

make_firestore() {
  local group scope paths orders field ttl count order body mask
  if uses_alloydb; then return; fi
  step="Firestore"
  if ! knows databases "$DATABASE"; then
    change gcloud firestore databases create --project="$PROJECT" --database="$DATABASE" --location="$FIRESTORE_LOCATION" --type=firestore-native
  fi
  while read -r group scope paths orders; do
    # Firestore lists the document's name as an additional last field.
    if grep -qE "^$group $scope $paths(,__name__)? $orders(,[A-Z]+)?\$" "$work/indexes" 2>/dev/null; then continue; fi
    make_index "$group" "$scope" "$paths" "$orders"
  done <"$work/wanted-indexes"
  # A field has one index or, as most have, none.
  while read -r group field ttl count scope order; do
    body='' mask=''
    if ! knows exemptions "$group $field $count" && ! { [ "$count" = 0 ] && knows exemptions "$group $field "; }; then
      body='"indexConfig":{"indexes":[]}' mask=indexConfig
      if [ "$count" = 1 ]; then
        body="\"indexConfig\":{\"indexes\":[{\"queryScope\":\"$scope\",\"fields\":[{\"fieldPath\":\"$field\",\"order\":\"$order\"}]}]}"
      fi
    fi
    if [ "$ttl" = ttl ] && ! knows expiries "$group $field"; then body=${body:+$body,}'"ttlConfig":{}' mask=${mask:+$mask,}ttlConfig; fi
    if [ -z "$mask" ]; then continue; fi
    printf '{%s}' "$body" >"$work/field-$group-$field.json"
    # One call sets both; gcloud needs a command for each, and each takes seconds.
    change_api PATCH "https://firestore.googleapis.com/v1/projects/$PROJECT/databases/$DATABASE/collectionGroups/$group/fields/$field?updateMask=$mask" "$work/field-$group-$field.json"
  done <"$work/wanted-fields"
}

# make_index GROUP SCOPE PATHS ORDERS
make_index() {
  local scope=collection order paths=$3, orders=$4,
  if [ "$2" = COLLECTION_GROUP ]; then scope=collection-group; fi
  set -- --collection-group="$1" --query-scope="$scope"
  while [ -n "$paths" ]; do
    order=ascending
    if [ "${orders%%,*}" = DESCENDING ]; then order=descending; fi
    set -- "$@" --field-config="field-path=${paths%%,*},order=$order"
    paths=${paths#*,} orders=${orders#*,}
  done
  change gcloud firestore indexes composite create --project="$PROJECT" --database="$DATABASE" "$@" --async
}
