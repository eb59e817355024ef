# shellcheck shell=bash
# Names of the agent's settings. .NET ignores their case and reads ':' as '__', so that one setting has several spellings: every name is
# converted to its spelling in deploy/settings.txt first.

# Prints the canonical spelling of a name. For an unknown name, prints the nearest known one and fails: canonical_name NAME
canonical_name() {
  awk -v name="$1" '
    function least(a, b) { return a < b ? a : b }
    # The Levenshtein distance.
    function distance(a, b,   i, j, row, above, left) {
      for (j = 0; j <= length(b); j++) row[j] = j
      for (i = 1; i <= length(a); i++) {
        above = row[0]; row[0] = i
        for (j = 1; j <= length(b); j++) {
          left = row[j]
          row[j] = least(least(row[j] + 1, row[j - 1] + 1), above + (substr(a, i, 1) != substr(b, j, 1)))
          above = left
        }
      }
      return row[length(b)]
    }
    BEGIN { count = split(name, typed, "__") }
    {
      known[NR] = $0
      if (split($0, part, "__") != count) next
      spelling = ""
      for (i = 1; i <= count; i++) {
        # The index of a list element. Strip leading zeros: 00 and 0 are the same element.
        if (part[i] == "0" && typed[i] ~ /^[0-9]+$/) { part[i] = typed[i]; sub(/^0+/, "", part[i]); if (part[i] == "") part[i] = "0" }
        # Environment variables of MCP servers have underscores; names of agents have none.
        else if (part[i] == "NAME" && typed[i] ~ (part[2] == "Mcp" ? "^[A-Za-z0-9_-]+$" : "^[A-Za-z0-9-]+$")) part[i] = typed[i]
        else if (tolower(part[i]) != tolower(typed[i])) next
        spelling = spelling (i > 1 ? "__" : "") part[i]
      }
      print spelling
      found = 1
      exit
    }
    END {
      if (found) exit 0
      for (i = 1; i <= NR; i++) {
        d = distance(tolower(known[i]), tolower(name))
        if (nearest == "" || d < shortest) { shortest = d; nearest = known[i] }
      }
      print nearest
      exit 1
    }' "$here/deploy/settings.txt"
}

lower_case() { tr '[:upper:]' '[:lower:]'; }

# Sets $lower to a text in lower case, without another process: lower TEXT. The Bash of macOS (3.2) has no expansion for it.
lower() {
  local LC_ALL=C upper=ABCDEFGHIJKLMNOPQRSTUVWXYZ letters=abcdefghijklmnopqrstuvwxyz i
  lower=$1
  case $lower in *[A-Z]*) ;; *) return ;; esac
  for ((i = 0; i < 26; i++)); do lower=${lower//${upper:i:1}/${letters:i:1}}; done
}

# Sets $name to the canonical spelling, or fails: name_setting NAME WHERE
name_setting() {
  local known
  name=$1
  lower "$1"
  case $lower in
    a2a[_:]* | logging[_:]*) name=${1//:/__} ;;
    # The program's own.
    [a-z_]*__?* | [a-z_]*:?*)
      name=${1//:/__}
      case $name in *[!A-Za-z0-9_.-]*) fail "$2: '$1' is not a valid name of a variable." ;; esac
      return
      ;;
    *) return ;;
  esac
  case $name in *[!A-Za-z0-9_.-]*) fail "$2: '$1' is not a valid name of a setting." ;; esac
  lower "$name"
  case $lower in
    logging__loglevel__?*) name=Logging__LogLevel__${name#*__*__} ;;
    a2a*)
      known=$(canonical_name "$name") || fail "$2: unknown setting $1. Did you mean $known? docs/configuration.md lists all settings."
      name=$known
      ;;
    *) fail "$2: unknown setting $1; docs/configuration.md lists all settings." ;;
  esac
}
