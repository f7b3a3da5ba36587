/** The guided tour: four chapters, each step run live by one click. */
import { CHAPTERS, type Step, type Tools } from './chapters';
import { byId, element, explain } from './page';

export class Tour {
  private body = byId('tour-body');

  constructor(private tools: Tools) {
    this.show(0);
  }

  private show(chosen: number) {
    const tabs = CHAPTERS.map((chapter, i) => {
      const tab = element('button', { type: 'button', role: 'tab', id: `chapter-${i}`, 'aria-selected': String(i === chosen),
        'aria-controls': 'chapter-panel', tabindex: i === chosen ? '0' : '-1' }, chapter.title);
      tab.onclick = () => this.show(i);
      tab.onkeydown = (event) => {
        const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
        if (step === 0) return;
        this.show((i + step + CHAPTERS.length) % CHAPTERS.length);
        (this.body.querySelector('[aria-selected="true"]') as HTMLElement | null)?.focus();
      };
      return tab;
    });
    const chapter = CHAPTERS[chosen]!;
    const panel = element('div', { role: 'tabpanel', id: 'chapter-panel', 'aria-labelledby': `chapter-${chosen}` },
      element('p', { class: 'hint' }, chapter.about),
      ...chapter.steps.map((step) => this.step(step)));
    this.body.replaceChildren(element('div', { class: 'chapters', role: 'tablist', 'aria-label': 'Chapters' }, ...tabs), panel);
  }

  private step(step: Step) {
    const box = element('div', { class: 'step' }, element('h3', {}, step.title), element('p', {}, step.text));
    if (step.picture) {
      const figure = element('div');
      // Our own markup, a constant of this program.
      figure.innerHTML = step.picture;
      box.append(figure);
    }
    if (step.code) box.append(element('pre', { tabindex: '0' }, step.code));
    const { run } = step;
    if (run) {
      const result = element('div', { class: 'result', role: 'status', hidden: true });
      const button = element('button', { type: 'button' }, step.button ?? 'Run it');
      button.onclick = () => {
        button.disabled = true;
        result.hidden = false;
        result.className = 'result';
        result.textContent = '…';
        void run(this.tools, (text) => { result.textContent = text; })
          .then((text) => { result.textContent = text; })
          .catch((error: unknown) => {
            result.className = 'result error';
            result.textContent = explain(error);
          })
          .finally(() => { button.disabled = false; });
      };
      box.append(button, result);
    }
    return box;
  }
}
