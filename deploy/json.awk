# Reads JSON into value: value["items.0.name"] is the name of the first item. Strings are decoded, except for \n, \r, \t and \\, so that each
# stays on one line; printf %b decodes those. Needs LC_ALL=C.
{
  while (match($0, /"([^"\\]|\\.)*"|[][{},:]|[^][{},:" \t\r]+/)) {
    token = substr($0, RSTART, RLENGTH)
    $0 = substr($0, RSTART + RLENGTH)
    if (token == "{" || token == "[") {
      is_list[++depth] = token == "["
      step[depth] = 0
      is_named = 0
    } else if (token == "}" || token == "]") {
      depth--
    } else if (token == ",") {
      step[depth]++
      is_named = 0
    } else if (token != ":") {
      if (token ~ /^"/) token = decoded(substr(token, 2, length(token) - 2))
      if (is_list[depth] || is_named) {
        path = step[1]
        for (i = 2; i <= depth; i++) path = path "." step[i]
        value[path] = token
      } else {
        step[depth] = token
        is_named = 1
      }
    }
  }
}

function decoded(string,   text, escape) {
  while (match(string, /\\(u[Dd][89ABab]..\\u....|u....|.)/)) {
    escape = substr(string, RSTART + 1, RLENGTH - 1)
    text = text substr(string, 1, RSTART - 1) (escape ~ /^u/ ? character(escape) : index("\"/", escape) ? escape : "\\" escape)
    string = substr(string, RSTART + RLENGTH)
  }
  return text string
}

# The UTF-8 of uXXXX, or of a pair of surrogates.
function character(escape,   code) {
  code = hex(substr(escape, 2, 4))
  if (length(escape) > 5) code = 65536 + (code - 55296) * 1024 + hex(substr(escape, 8)) - 56320
  if (code == 9) return "\\t"
  if (code == 10) return "\\n"
  if (code == 13) return "\\r"
  if (code == 92) return "\\\\"
  if (code < 128) return sprintf("%c", code)
  if (code < 2048) return sprintf("%c%c", 192 + int(code / 64), 128 + code % 64)
  if (code < 65536) return sprintf("%c%c%c", 224 + int(code / 4096), 128 + int(code / 64) % 64, 128 + code % 64)
  return sprintf("%c%c%c%c", 240 + int(code / 262144), 128 + int(code / 4096) % 64, 128 + int(code / 64) % 64, 128 + code % 64)
}

function hex(digits,   i, sum) {
  for (i = 1; i <= length(digits); i++) sum = sum * 16 + index("0123456789abcdef", tolower(substr(digits, i, 1))) - 1
  return sum
}
