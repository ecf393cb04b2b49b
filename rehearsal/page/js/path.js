// The lit path: which flow a contact is in, the block that runs, where it may go from there, and the way so far.

import { path } from "./calls.js";
import { byId, h, icon, keepAtEnd } from "./elements.js";
import { graph } from "./graph.js";

const ZOOMS = [0.35, 0.5, 0.7, 0.85, 1, 1.25];
const USUAL = 4;
const FAILED = new Set(["InputTimeLimitExceeded", "NoMatchingError", "NoMatchingCondition"]);

export class Path {
  #telephone;
  #frame = byId("graph");
  #list = byId("way");
  #graphs = new Map();
  #shown = "";
  #chosen = "";
  #drawn = 0;
  #contact = "";
  #zoom = USUAL;
  #now = "";
  #key = "";

  constructor(telephone) {
    this.#telephone = telephone;
    keepAtEnd(this.#list);
    byId("zoom-in").addEventListener("click", () => this.#scale(1));
    byId("zoom-out").addEventListener("click", () => this.#scale(-1));
    byId("find-now").addEventListener("click", () => {
      this.#chosen = "";
      this.#draw();
      this.#centre(true);
    });
    telephone.addEventListener("change", () => this.#draw());
    new ResizeObserver(() => this.#centre(false)).observe(this.#frame);
    this.#draw();
  }

  #draw() {
    const { about, mine } = this.#telephone;
    const flows = Object.values(about.flows);
    if (!flows.length) return;
    const contact = mine?.contact ?? "";
    if (contact !== this.#contact) {
      this.#contact = contact;
      this.#drawn = 0;
      this.#chosen = "";
      this.#list.replaceChildren();
    }
    const steps = mine ? path(mine.events) : [];
    // An agent's screen is a flow of its own beside the customer's, which is what is followed.
    const open = steps.filter((step) => step.open);
    const running = open.findLast(({ type }) => type !== "ShowView");
    const now = running ?? open.at(-1) ?? steps.at(-1);
    const entry = about.entry && about.flows[about.entry] ? about.entry : flows[0].name;
    const name = this.#chosen || now?.flow || entry;
    const picture = about.flows[name];
    this.#tabs(steps, name, about.flows, entry);
    this.#picture(picture, steps.filter(({ flow }) => flow === name));
    this.#standing(picture, now, mine);
    this.#way(steps, about.flows);
    const key = `${name}/${now?.flow === name ? now.action : picture?.start}`;
    if (key !== this.#now) {
      this.#now = key;
      this.#centre(true);
    }
  }

  /** Flows that the contact went through, in order. */
  #tabs(steps, shown, flows, entry) {
    const passed = [...new Set(steps.map(({ flow }) => flow))];
    const names = passed.length ? passed : [entry];
    const open = new Set(steps.filter((step) => step.open).map(({ flow }) => flow));
    const key = JSON.stringify([names, shown, [...open]]);
    if (key === this.#key) return;
    this.#key = key;
    byId("flow-tabs").replaceChildren(...names.map((name) =>
      h("button", { type: "button", class: open.has(name) ? "flow-tab open" : "flow-tab", "aria-pressed": name === shown, on: { click: () => { this.#chosen = name; this.#draw(); } } },
        flows[name]?.title ?? name, h("small", { title: "Blocks of this flow" }, String(flows[name]?.blocks.length ?? "")))));
    byId("flow-tabs").querySelector("[aria-pressed=true]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  #picture(picture, steps) {
    if (!picture) return;
    if (!this.#graphs.has(picture.name)) this.#graphs.set(picture.name, graph(picture));
    const drawn = this.#graphs.get(picture.name);
    if (this.#shown !== picture.name) {
      this.#shown = picture.name;
      this.#frame.replaceChildren(drawn.element);
      this.#size();
    }
    drawn.light(steps);
  }

  /** In words: the block that runs, and its branches. */
  #standing(picture, now, mine) {
    const told = byId("standing");
    const block = now && this.#telephone.about.flows[now.flow]?.blocks.find(({ id }) => id === now.action);
    if (!block) {
      told.replaceChildren(h("p", { class: "note" }, "Call the bank: each block of the synthesised flow lights up as it runs, with what it calls and where it leads."));
      return;
    }
    const over = mine.phase === "over";
    const talks = now.type === "ShowView" && ["talking", "held", "joining"].includes(mine.phase);
    const targets = new Map();
    for (const { label, to, error } of block.ways) if (!error) targets.set(to, [...(targets.get(to) ?? []), label].filter(Boolean));
    const ways = [...targets].map(([to, labels]) => (labels.length && targets.size > 1 ? `${labels.slice(0, 3).join(" or ")}${labels.length > 3 ? " …" : ""} → ${to}` : to));
    const words = over ? "The contact is over." : talks ? "Customer and agent talk; the customer’s flow waits until that is over." : ways.length ? `From here: ${ways.slice(0, 5).join(", ")}${ways.length > 5 ? ", …" : ""}` : "";
    const text = [over ? "Ended at " : "Now: ", block.title, block.kind, words].join("|");
    if (told.dataset.of === text) return;
    told.dataset.of = text;
    told.replaceChildren(h("p", {}, over ? "Ended at " : "Now: ", h("strong", {}, block.title), h("span", { class: "soft" }, ` · ${block.kind}`)), words ? h("p", { class: "note ways" }, words) : "");
  }

  #way(steps, flows) {
    byId("way-count").textContent = steps.length ? String(steps.length) : "";
    // The last ones may still get a branch, or a call's answer.
    const from = Math.max(0, Math.min(this.#drawn, steps.length) - 6);
    const unfinished = steps.findIndex((step) => step.open);
    const again = unfinished < 0 ? from : Math.min(from, unfinished);
    while (this.#list.children.length > again) this.#list.lastChild.remove();
    this.#list.append(...steps.slice(again).map((step, index) => this.#step(step, steps[again + index - 1], flows)));
    this.#drawn = steps.length;
  }

  #step(step, before, flows) {
    const picture = flows[step.flow];
    const block = picture?.blocks.find(({ id }) => id === step.action);
    const branch = block?.ways.find((way) => way.branch === step.branch);
    const label = branch?.label || (FAILED.has(step.branch) ? step.branch : "");
    return h("li", { class: step.open ? "way-step now" : "way-step", "aria-current": step.open ? "step" : null },
      before?.flow !== step.flow ? h("span", { class: "way-flow" }, picture?.title ?? step.flow) : null,
      h("span", { class: "way-head" }, h("strong", {}, block?.title ?? step.action), h("span", { class: "soft" }, block?.kind ?? step.type),
        label ? h("span", { class: branch?.error ? "chip wrong" : "chip" }, label) : null),
      step.calls.map((call) => h("span", { class: call.ok ? "way-call" : "way-call bad" }, icon("braces"),
        `${this.#telephone.name(call.function)}: ${call.ok ? "answered" : "failed"} in ${Math.round(call.seconds * 1000)} ms`,
        call.attempts > 1 ? `, ${call.attempts} attempts` : "", call.why ? ` (${call.why})` : "")),
      step.did.filter(({ is }) => is === "Understood").map(({ intent, state }) => h("span", { class: "way-call" }, icon("check"), `Lex: ${intent || "no intent"}${state ? `, ${state}` : ""}`)));
  }

  #scale(by) {
    this.#zoom = Math.min(ZOOMS.length - 1, Math.max(0, this.#zoom + by));
    this.#size();
    this.#centre(false);
  }

  #size() {
    const drawn = this.#graphs.get(this.#shown);
    if (!drawn) return;
    const zoom = ZOOMS[this.#zoom];
    drawn.element.setAttribute("width", drawn.size.width * zoom);
    drawn.element.setAttribute("height", drawn.size.height * zoom);
    byId("zoom").textContent = `${Math.round(zoom * 100)} %`;
  }

  /** The block that runs stands in the middle, a little to the left: what comes next is to the right. */
  #centre(smooth) {
    const drawn = this.#graphs.get(this.#shown);
    const place = drawn?.at(this.#now.slice(this.#shown.length + 1));
    if (!place) return;
    const zoom = ZOOMS[this.#zoom];
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.#frame.scrollTo({ left: place.x * zoom - this.#frame.clientWidth * 0.42, top: place.y * zoom - this.#frame.clientHeight / 2, behavior: smooth && !still ? "smooth" : "instant" });
  }
}
