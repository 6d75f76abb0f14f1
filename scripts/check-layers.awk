# Reads `file:line:#include ...` lines and the table of rooms (-v rooms=FILE); prints what the table
# does not allow, and circles between files. Part of scripts/check-layers.

function stem(path) { sub(/\.[a-z]+$/, "", path); return path }
function folder(path) { return sub(/\/[^\/]*$/, "", path) ? path : "src" }

# Whether `name` is one of the words of `list`; a word that ends in / covers everything below.
function listed(name, list,  words, n, i) {
  n = split(list, words, " ")
  for (i = 1; i <= n; ++i) {
    if (words[i] == name) return 1
    if (words[i] ~ /\/$/ && index(name "/", words[i]) == 1) return 1
  }
  return 0
}

# Reads the table. Reports a room that names a room below it, because that could allow a circle.
function read_rooms(  line, cell, known, words, n, i) {
  while ((getline line < rooms) > 0) {
    if (line ~ /^#/ || line !~ /\|/) continue
    split(line, cell, "|")
    gsub(/ /, "", cell[1]); gsub(/ /, "", cell[3])
    n = split(cell[4], words, " ")
    for (i = 1; i <= n; ++i) {
      name = words[i]; sub(/\/$/, "", name)
      if (!(name in known) && name != cell[1]) print rooms ": " cell[1] " names " name ", which stands below it"
    }
    known[cell[1]] = 1
    for (name = cell[1]; sub(/\/[^\/]*$/, "", name);) known[name] = 1
    kind[cell[1]] = cell[3]; may[cell[1]] = cell[1] " " cell[4]; libraries[cell[1]] = cell[5]
  }
}

function judge_own(place, room, header) {
  if (!listed(folder(header), may[room])) print place ": " room " may not include " header
}

# Whether the header belongs to the system: the standard library, POSIX, or a library.
function judge_system(place, room, header,  name) {
  if (header ~ /^[a-z_]+$/) {
    if (kind[room] == "pure" && header !~ ("^(" pure ")$"))
      print place ": " room " is pure and may not include <" header ">"
    return
  }
  name = header; sub(/\/.*/, "", name); sub(/\.h(pp)?$/, "", name)
  if (listed(name, libraries[room])) return
  if (kind[room] == "edge" && name ~ ("^(" posix ")$")) return
  print place ": " room " may not include <" header ">"
}

# Searches depth first; prints the path of each circle.
function visit(node,  next_nodes, n, i) {
  state[node] = 1; path[++depth] = node
  n = split(edges[node], next_nodes, " ")
  for (i = 1; i <= n; ++i) {
    if (state[next_nodes[i]] == 1) print_circle(next_nodes[i])
    else if (!state[next_nodes[i]]) visit(next_nodes[i])
  }
  state[node] = 2; --depth
}

function print_circle(from,  i, line) {
  for (i = depth; path[i] != from; --i) line = " -> " path[i] line
  print "src/" from ": a circle of includes: " from line " -> " from
}

BEGIN {
  pure = "algorithm|any|array|bitset|cassert|cctype|charconv|climits|cmath|compare|cstddef|cstdint|" \
    "cstdlib|cstring|deque|exception|functional|initializer_list|iterator|limits|list|map|memory|new|" \
    "numeric|optional|queue|set|stdexcept|string|string_view|system_error|tuple|type_traits|typeindex|" \
    "unordered_map|unordered_set|utility|variant|vector"
  posix = "arpa|dirent|fcntl|malloc|net|netdb|netinet|poll|pthread|sched|signal|sys|termios|unistd"
  read_rooms()
}

{
  split($0, part, ":")
  file = part[1]; place = file ":" part[2]
  sub(/^src\//, "", file)
  room = folder(file)
  header = $0
  sub(/^[^<"]*[<"]/, "", header); sub(/[>"].*/, "", header)
  if (!(room in kind)) next  # scripts/check-layers reports a file outside all rooms
  if ($0 ~ /include[ \t]*</) { judge_system(place, room, header); next }
  judge_own(place, room, header)
  if (stem(file) != stem(header) && !((stem(file), stem(header)) in drawn)) {
    drawn[stem(file), stem(header)] = 1
    edges[stem(file)] = edges[stem(file)] " " stem(header)
    nodes[stem(file)] = 1
  }
}

END { for (node in nodes) if (!state[node]) visit(node) }
