// Parses a line of the server.

/// Returns {tags, source, id, verb, params, text}; `id` is the id in the source, `text` the part
/// after ` :`, or null.
export function parse_line(line) {
  const found = /^(?:@(\S+) )?:(\S+) (\S+)(?: ((?!:)[^]*?))?(?: :([^]*))?$/.exec(line);
  if (!found) throw new Error(`no line of a server: ${line}`);
  const [, tags = '', source, verb, middle = '', text = null] = found;
  return { tags: tags_of(tags), source, id: source.slice(source.indexOf('!') + 1), verb,
    params: middle === '' ? [] : middle.split(' '), text };
}

function tags_of(text) {
  const tags = {};
  for (const tag of text.split(';')) {
    const equals = tag.indexOf('=');
    if (equals > 0) tags[tag.slice(0, equals)] = tag.slice(equals + 1);
  }
  return tags;
}
