// The tabs on the right: one pane is shown, and the address names it, so that Back works.

import { byId, h, replace } from "./dom";

export interface Pane {
  name: string;
  label: string;
  draw: () => Node;
}

export class Panes {
  shown = "";
  private readonly tabs = new Map<string, HTMLButtonElement>();

  constructor(private readonly panes: Pane[]) {
    for (const pane of panes) {
      const tab = h(
        "button",
        { role: "tab", id: `tab-${pane.name}`, "aria-controls": "pane", onclick: () => this.open(pane.name), onkeydown: (event) => this.move(event) },
        pane.label,
      );
      this.tabs.set(pane.name, tab);
      byId("tabs").append(tab);
    }
    addEventListener("hashchange", () => this.follow());
    this.follow();
  }

  open(name: string): void {
    if (location.hash !== `#${name}`) history.pushState(null, "", `#${name}`);
    this.show(name);
  }

  // Draws the pane again where it is the one on the screen; what was unfolded and scrolled stays.
  refresh(...names: string[]): void {
    if (names.length && !names.includes(this.shown)) return;
    const pane = byId("pane");
    const open = [...pane.querySelectorAll("details[open] > summary")].map((one) => one.textContent);
    const { scrollTop } = pane;
    this.show(this.shown);
    for (const summary of pane.querySelectorAll("details > summary")) {
      if (open.includes(summary.textContent)) (summary.parentElement as HTMLDetailsElement).open = true;
    }
    pane.scrollTop = scrollTop;
  }

  label(name: string, label: string): void {
    const tab = this.tabs.get(name);
    if (tab && tab.textContent !== label) tab.textContent = label;
  }

  private follow(): void {
    const name = location.hash.slice(1);
    const other = name ? this.shown : ""; // the address without a name is that of the first pane
    this.show(this.tabs.has(name) ? name : other || this.panes[0]!.name);
  }

  private show(name: string): void {
    const pane = byId("pane");
    if (name !== this.shown) pane.scrollTop = 0;
    this.shown = name;
    for (const [other, tab] of this.tabs) {
      tab.setAttribute("aria-selected", String(other === name));
      tab.tabIndex = other === name ? 0 : -1;
    }
    pane.setAttribute("aria-labelledby", `tab-${name}`);
    replace(pane, this.panes.find((one) => one.name === name)!.draw());
  }

  private move(event: Event): void {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[(event as KeyboardEvent).key];
    if (!by) return;
    const names = [...this.tabs.keys()];
    const next = names[(names.indexOf(this.shown) + by + names.length) % names.length]!;
    this.open(next);
    this.tabs.get(next)!.focus();
  }
}
