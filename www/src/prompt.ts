/** The prompt: completion and history from the command table, replies as redis-cli prints them. */
import { byId, element, explain, formatMs } from './page';

export interface CommandEntry {
  name: string;
  usage: string;
  summary?: string;
}

const HISTORY_KEY = 'kilat-playground-history';
const HISTORY_MAX = 200;
const LOG_MAX = 400;

export class Prompt {
  private input = byId<HTMLInputElement>('prompt-input');
  private log = byId('prompt-log');
  private options = byId('prompt-options');
  private hint = byId('prompt-hint');
  private history: string[] = JSON.parse(localStorage.getItem(HISTORY_KEY) ?? '[]');
  private at = this.history.length;
  private draft = '';
  private offered: CommandEntry[] = [];
  private selected = -1;

  constructor(
    private commands: CommandEntry[],
    private execute: (line: string) => Promise<string>,
    private sign: () => string,
  ) {
    byId('prompt-form').onsubmit = (event) => {
      event.preventDefault();
      this.choose();
      void this.run(this.input.value);
    };
    this.input.oninput = () => this.offer();
    this.input.onkeydown = (event) => this.key(event);
    this.input.onblur = () => setTimeout(() => this.close(), 150);
  }

  /** Runs a line as if it had been typed; answers its text. */
  async run(line: string): Promise<string> {
    line = line.trim();
    if (line === '') return '';
    this.close();
    this.remember(line);
    this.input.value = '';
    const asked = element('div', { class: 'asked' }, `${this.sign()} `, element('b', {}, line));
    this.log.append(asked);
    const began = performance.now();
    const [text, failed] = await this.execute(line).then((text) => [text, false] as const, (error) => [explain(error), true] as const);
    const took = performance.now() - began;
    const isError = failed || text.startsWith('(error)');
    this.log.append(
      element('div', { class: isError ? 'error' : 'reply' }, text),
      element('div', { class: 'took' }, formatMs(took)));
    while (this.log.childElementCount > LOG_MAX) this.log.firstElementChild?.remove();
    this.log.scrollTop = this.log.scrollHeight;
    byId('prompt-sign').textContent = this.sign();
    return text;
  }

  /** A line that arrives without being asked for, as a subscribed client sees. */
  push(text: string) {
    this.log.append(element('div', { class: 'reply' }, text));
    this.log.scrollTop = this.log.scrollHeight;
  }

  private remember(line: string) {
    if (this.history.at(-1) !== line) this.history.push(line);
    this.history = this.history.slice(-HISTORY_MAX);
    this.at = this.history.length;
    localStorage.setItem(HISTORY_KEY, JSON.stringify(this.history));
  }

  private key(event: KeyboardEvent) {
    const open = !this.options.hidden;
    if (event.key === 'Tab' && open && !event.shiftKey) {
      event.preventDefault();
      if (this.selected < 0) this.select(0);
      this.choose();
    } else if (event.key === 'Escape') this.close();
    else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      const step = event.key === 'ArrowDown' ? 1 : -1;
      if (open) this.select((this.selected + step + this.offered.length) % this.offered.length);
      else this.recall(step);
    }
  }

  private recall(step: number) {
    if (this.at === this.history.length) this.draft = this.input.value;
    this.at = Math.min(this.history.length, Math.max(0, this.at + step));
    this.input.value = this.history[this.at] ?? this.draft;
    this.explainUsage();
  }

  private offer() {
    this.explainUsage();
    const typed = this.input.value.trimStart().toUpperCase();
    this.offered = typed === '' ? [] : this.commands.filter((command) => command.name.startsWith(typed)).slice(0, 40);
    if (this.offered.length === 0 || (this.offered.length === 1 && this.offered[0]!.name === typed)) return this.close();
    this.selected = -1;
    this.options.replaceChildren(...this.offered.map((command, i) => {
      const item = element('li', { role: 'option', id: `prompt-option-${i}`, 'aria-selected': 'false' },
        command.name, element('span', {}, ` ${command.usage}`));
      item.onpointerdown = (event) => {
        event.preventDefault();
        this.select(i);
        this.choose();
      };
      return item;
    }));
    this.options.hidden = false;
    this.input.setAttribute('aria-expanded', 'true');
  }

  private select(i: number) {
    this.selected = i;
    for (const [j, item] of [...this.options.children].entries()) item.setAttribute('aria-selected', String(i === j));
    this.options.children[i]?.scrollIntoView({ block: 'nearest' });
    this.input.setAttribute('aria-activedescendant', `prompt-option-${i}`);
  }

  /** Takes the selected completion, if there is one. */
  private choose() {
    const chosen = this.options.hidden ? undefined : this.offered[this.selected];
    this.close();
    if (chosen) {
      this.input.value = `${chosen.name} `;
      this.explainUsage();
    }
  }

  private explainUsage() {
    const typed = this.input.value.trimStart().toUpperCase();
    const command = this.commands
      .filter(({ name }) => typed === name || typed.startsWith(`${name} `))
      .sort((a, b) => b.name.length - a.name.length)[0];
    this.hint.textContent = command
      ? `${command.name} ${command.usage}`
      : 'Tab completes, ↑ ↓ recall. Every command is Redis\u2019s own.';
  }

  private close() {
    this.options.hidden = true;
    this.selected = -1;
    this.input.setAttribute('aria-expanded', 'false');
    this.input.removeAttribute('aria-activedescendant');
  }
}
