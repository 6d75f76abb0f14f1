// A page of documentation whose code blocks can be run: what is typed, and what is shown for it.

/// In their order: {kind: 'stage', who, text}, from the comments `.. stage: bob> /join #x`, and
/// {kind: 'block', line, script, typed, shown, seen}: the lines of a block that begin with `$ ` (and
/// go on after a `\`), those that begin with `> `, what is printed, and what others see
/// (`bob< …` by name). `line` is where it stands.
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

/// Whether lines are as they are shown: `…` within a line is any text, alone any number of lines.
export function matches_shown(shown, lines) {
  if (shown.length === 0) return lines.length === 0;
  const [first, ...rest] = shown;
  if (first === '…') {
    return lines.some((_, at) => matches_shown(rest, lines.slice(at))) || matches_shown(rest, []);
  }
  const like = new RegExp(`^${first.split('…').map(escape).join('.+')}$`);
  return lines.length > 0 && like.test(lines[0]) && matches_shown(rest, lines.slice(1));
}
