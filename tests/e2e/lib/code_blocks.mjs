// Reads the code blocks of a documentation page: the commands and the output shown for them.

/// Returns the parts of a page in order. {kind: 'stage', who, text} comes from comments such as `..
/// stage: bob> /join #x`. {kind: 'block', line, script, typed, shown, seen} is a code block:
/// `script` are the lines that begin with `$ ` (and continue after a `\`), `typed` those that begin
/// with `> `, `shown` is the output, and `seen` the lines of other clients (`bob< …`) by name.
/// `line` is its line number.
export function read_code_blocks(text) {
  const parts = [];
  const lines = text.split('\n');
  for (let at = 0; at < lines.length; ++at) {
    const stage = /^\.\. stage: (\w+)> (.*)$/.exec(lines[at]);
    if (stage) parts.push({ kind: 'stage', who: stage[1], text: stage[2] });
    if (!/^\.\. code:: text$/.test(lines[at])) continue;
    const block = [];
    const line = at + 1;
    for (at += 2; lines[at]?.startsWith('    '); ++at) block.push(lines[at].slice(4));
    parts.push({ kind: 'block', line, ...read_block(block) });
  }
  return parts;
}

function read_block(lines) {
  const block = { script: [], typed: [], shown: [], seen: {} };
  let goes_on = false;
  for (const line of lines) {
    const [, who, what] = /^(\w+)< (.*)$/.exec(line) ?? [];
    if (goes_on || line.startsWith('$ ')) {
      block.script.push(goes_on ? line : line.slice(2));
      goes_on = line.endsWith('\\');
    } else if (line.startsWith('> ')) {
      block.typed.push(line.slice(2));
    } else if (who) {
      (block.seen[who] ??= []).push(what);
    } else {
      block.shown.push(line.replace(/^< /, ''));
    }
  }
  return block;
}

const escape = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/// Tells whether `lines` match `shown`. A `…` within a line stands for any text, alone for any
/// number of lines.
export function matches_shown(shown, lines) {
  if (shown.length === 0) return lines.length === 0;
  const [first, ...rest] = shown;
  if (first === '…') {
    return lines.some((_, at) => matches_shown(rest, lines.slice(at))) || matches_shown(rest, []);
  }
  const like = new RegExp(`^${first.split('…').map(escape).join('.+')}$`);
  return lines.length > 0 && like.test(lines[0]) && matches_shown(rest, lines.slice(1));
}
