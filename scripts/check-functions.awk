# Prints the functions with more than 40 lines between their braces. Relies on clang-format: a body
# begins with a line that ends in "{", and ends with a "}" in the column in which the function began.
FNR == 1 { for (at in begun) { delete begun[at]; delete body[at] } }
/^ *(\/\/|#|$)/ { next }
{
  match($0, /^ */)
  column = RLENGTH
  if ($0 ~ /^ *\}$/) {
    if ((column in body) && FNR - body[column] - 1 > 40)
      print FILENAME ":" begun[column] ": a function of " FNR - body[column] - 1 " lines, 40 at most"
    delete begun[column]; delete body[column]
    next
  }
  if (column <= 4 && column % 2 == 0) {
    delete body[column]; delete begun[column]
    if ($0 !~ /^ *(if|for|while|switch|do|try|else|case|\}|\))/) begun[column] = FNR
  }
  # A signature may continue on further lines, which are indented more than its first line.
  if ($0 ~ /\{$/) for (at = 0; at <= 4; at += 2) if ((at in begun) && !(at in body)) body[at] = FNR
}
