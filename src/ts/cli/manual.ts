/** The command table as help and completion. */
import { COMMANDS } from '../commands.generated.js';

const names = Object.keys(COMMANDS).map((name) => name.replace('|', ' '));

/** What may follow `line`; in the case that it is written in. */
export function complete(line: string): [string[], string] {
  const typed = line.replace(/^(help|\?)\s+/i, '');
  const before = line.slice(0, line.length - typed.length);
  const isLower = typed !== typed.toUpperCase() || typed === '';
  const found = names.filter((name) => name.startsWith(typed.toUpperCase()));
  const shown = found.map((name) => `${before}${isLower ? name.toLowerCase() : name}`);
  return [shown.length === 1 ? [`${shown[0]} `] : shown, line];
}

/** What `help`, `help <command>` and `help @<group>` print. */
export function help(words: string[]): string {
  const wanted = words.join(' ').toUpperCase();
  if (wanted === '') {
    return 'help <command>   how it is called\nhelp @<group>    the commands of a group\n' +
      '<tab>            completes a command\nquit             ends\n';
  }
  const rows = Object.entries(COMMANDS).map(([name, row]) => ({ name: name.replace('|', ' '), ...row! }));
  const isOne = (row: { name: string; group: string }) =>
    wanted.startsWith('@') ? row.group.toUpperCase() === wanted.slice(1) : row.name === wanted || row.name.startsWith(`${wanted} `);
  const lines = rows.filter(isOne).map(({ name, usage, group }) => `\n  ${name} ${usage}\n  group: ${group}\n`);
  return lines.length > 0 ? `${lines.join('')}\n` : `kilat knows no ${words.join(' ')}.\n`;
}
