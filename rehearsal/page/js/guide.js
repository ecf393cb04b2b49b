// A few things to try, step by step: each step can be done by hand or by its button.

import { h, icon } from "./elements.js";

const speaker = (say) => ({ on: "speaker", say });
const chat = (say) => ({ on: "chat", say });
const tap = (label) => ({ on: "chat", tap: label });
const wakeUp = { on: "speaker", open: true };
const openChat = { on: "chat", open: true };
const text = (say) => ({ on: "phone", say });

export const STORIES = [
  {
    title: "Half speaker, half chat",
    steps: [wakeUp, speaker("move fifty dollars to savings"), openChat, chat("yes"), tap("Checking"), tap("Yes")],
    why: "One task, two devices. The conversation belongs to the customer, not to a session: the chat went on from the record that the speaker left, and nothing was asked twice.",
  },
  {
    title: "A question in the middle",
    steps: [chat("transfer 30 dollars to savings"), chat("what's my checking balance?"), tap("Checking"), tap("Yes")],
    why: "Tasks lie on a stack. The question went on top, was answered and taken off, and the transfer underneath went on with all it had.",
  },
  {
    title: "A card number that vanishes",
    steps: [chat("my card 4111 1111 1111 1111 was declined"), { on: "look" }],
    why: "Compare “Sent” with “What is kept”: the number was masked at the door, before it was understood, logged or stored.",
  },
  {
    title: "Saying yes twice",
    steps: [chat("move 20 dollars from checking to savings"), chat("yes"), chat("yes")],
    why: "A yes answers one question and the very values that it showed. The second yes had no question left, so the money moved once.",
  },
  {
    title: "Who are you?",
    steps: [text("what's my balance"), { on: "phone", code: true }],
    why: "A text is a claim: anybody can forge a number. The code went to the real phone, so entering it proves who it is, in that thread and for ten minutes; then the question was answered where it stood.",
  },
  {
    title: "Walking away",
    steps: [wakeUp, speaker("pay my water bill"), { on: "clock", seconds: 1200 }, openChat],
    why: "After twenty minutes the task is not forced on anybody: it is offered again, on whichever device comes next. After a day it is forgotten.",
  },
];

export class Guide {
  #tabs;
  #steps;
  #why;
  #devices;
  #story = 0;
  #done = STORIES.map(() => new Set());
  #name;
  #doing = Promise.resolve();

  /** `devices` does the steps: `{chat, speaker, pass(seconds), look(), show(view)}`. */
  constructor(root, devices, invocation) {
    this.#devices = devices;
    this.#name = invocation;
    this.#tabs = root.querySelector("[role=tablist]");
    this.#steps = root.querySelector(".steps");
    this.#why = root.querySelector(".why");
    this.#tabs.append(...STORIES.map((story, index) =>
      h("button", { type: "button", role: "tab", id: `tab-${index}`, "aria-controls": "story", on: { click: () => this.#choose(index) } }, story.title)));
    this.#tabs.addEventListener("keydown", (event) => {
      const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!by) return;
      event.preventDefault();
      this.#choose((this.#story + by + STORIES.length) % STORIES.length);
      this.#tabs.children[this.#story].focus();
    });
    this.#choose(0);
  }

  /** Begin again, for somebody else. */
  reset() {
    this.#done = STORIES.map(() => new Set());
    this.#draw();
  }

  #choose(index) {
    this.#story = index;
    if (this.#done[index].size === STORIES[index].steps.length) this.#done[index].clear();
    this.#draw();
    this.#tabs.children[index].scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  #draw() {
    const { steps, why } = STORIES[this.#story];
    const done = this.#done[this.#story];
    const next = steps.findIndex((_, index) => !done.has(index));
    [...this.#tabs.children].forEach((tab, index) => {
      tab.setAttribute("aria-selected", String(index === this.#story));
      tab.tabIndex = index === this.#story ? 0 : -1;
    });
    this.#steps.parentElement.setAttribute("aria-labelledby", `tab-${this.#story}`);
    this.#steps.replaceChildren(...steps.map((step, index) => {
      const state = done.has(index) ? "done" : index === next ? "next" : "later";
      return h("li", { class: `step ${state}` },
        h("button", { type: "button", "aria-current": state === "next" ? "step" : null, on: { click: () => this.#do(step, index) } },
          icon(done.has(index) ? "check" : { speaker: "alexa", chat: "web", phone: "text", clock: "clock", look: "eye" }[step.on]),
          h("span", {}, this.#words(step))));
    }));
    const whole = next < 0;
    this.#why.classList.toggle("told", whole);
    const text = whole ? why : "";
    if (this.#why.textContent !== text) this.#why.textContent = text;
  }

  #words(step) {
    if (step.on === "look") return "Look behind the newest turn";
    if (step.on === "clock") return "Let 20 minutes pass";
    if (step.code) return "Enter the code";
    if (step.open) return step.on === "chat" ? "Open the chat" : `“Alexa, open ${this.#name}”`;
    return step.tap ? `Tap ${step.tap}` : `“${step.say}”`;
  }

  /** Steps that are asked for faster than the bank answers wait for their turn. */
  #do(step, index) {
    const mine = this.#done[this.#story];
    mine.add(index);
    this.#draw();
    this.#steps.querySelector(".next button")?.focus({ preventScroll: true });
    this.#doing = this.#doing.then(() => this.#perform(step));
    return this.#doing;
  }

  async #perform(step) {
    const { chat, speaker, phone, pass, look, show } = this.#devices;
    if (step.on === "clock") return pass(step.seconds);
    if (step.on === "look") return look();
    show(step.on);
    const device = { chat, speaker, phone }[step.on];
    if (step.open) return device.open();
    if (step.code) return device.enterNewest();
    return step.tap ? device.tap(step.tap) : device.say(step.say);
  }
}
