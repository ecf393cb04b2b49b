// A few things to try, step by step: each step can be done by hand or by its button.

import { h, icon } from "./elements.js";

const speaker = (say) => ({ on: "speaker", say });
const chat = (say) => ({ on: "chat", say });
const tap = (label) => ({ on: "chat", tap: label });
const wakeUp = { on: "speaker", open: true };
const openChat = { on: "chat", open: true };
const text = (say) => ({ on: "phone", say });
const call = (say) => ({ on: "call", say });
const keys = (digits, words) => ({ on: "call", keys: digits, words });
const desk = (act, words, more) => ({ on: "desk", act, words, more });
const stranger = { on: "chat", unknown: true };
const signIn = (who) => ({ on: "chat", signIn: who });

export const STORIES = [
  {
    title: "Half speaker, half chat",
    steps: [wakeUp, speaker("move fifty dollars to savings"), openChat, chat("yes"), tap("Checking"), tap("Yes")],
    why: "One task, two devices. The conversation belongs to the customer, not to a session: the chat went on from the record that the speaker left, and nothing was asked twice.",
    more: {
      lead: "And on a third one:",
      steps: [text("my checking transactions"), { on: "phone", code: true }],
      why: "Three devices, one timeline. A text’s number can be forged, so it took a code; then the telephone told what the speaker and the chat had done.",
    },
  },
  {
    title: "A telephone call",
    steps: [{ on: "clock", open: true }, { on: "call", dial: true }, keys("1", "Press 1"), call("what's my balance"), { on: "call", code: true }, desk("status", "Be the agent"), call("agent"), desk("accept", "Accept")],
    why: "The synthesised contact flow ran block by block, with the real functions and the Lex stand-in; what was keyed in was encrypted before anything else saw it. The agent saw who it is, how sure that is and what was said, before the first word.",
    more: {
      lead: "And at the desk:",
      steps: [desk("say", "“Hello, how can I help?”", { words: "Hello, how can I help?" }), call("this is terrible"), call("I am really angry, this is awful"), desk("end", "End the call"), { on: "floor" }],
      why: "Two turns in anger made an alert for the supervisor. The agent’s desk now asks how it ended; that is kept with the customer.",
    },
  },
  {
    title: "A question in the middle",
    steps: [chat("transfer 30 dollars to savings"), chat("what's my checking balance?"), tap("Checking"), tap("Yes")],
    why: "Tasks lie on a stack. The question went on top, was answered and taken off, and the transfer underneath went on with all it had.",
  },
  {
    title: "A vanishing card number",
    steps: [chat("my card 4111 1111 1111 1111 was declined"), { on: "look" }],
    why: "Compare “Sent” with “What is kept”: the number was masked at the door, before it was understood, logged or stored.",
  },
  {
    title: "Yes, twice",
    steps: [chat("move 20 dollars from checking to savings"), chat("yes"), chat("yes")],
    why: "A yes answers one question and the very values that it showed. The second yes had no question left, so the money moved once.",
  },
  {
    title: "Who are you?",
    steps: [text("what's my balance"), { on: "phone", code: true }],
    why: "A text is a claim: anybody can forge a number. The code went to the real phone, so entering it proves who it is, in that thread and for ten minutes; then the question was answered where it stood.",
  },
  {
    title: "A stranger’s browser",
    steps: [stranger, chat("what's my balance"), tap("Phone"), { on: "chat", reach: "phone" }, { on: "chat", code: true }],
    why: "Nobody was known here, and nothing that was said is lost: the question waited for the code, which went to a phone that the bank knew already, and was answered. The browser’s link joined the others: see Identities.",
  },
  {
    title: "One browser, two people",
    steps: [{ ...stranger, signIn: "me" }, chat("what's my balance"), signIn("other"), chat("what's my balance"), { on: "chat", back: true }, chat("what's my balance")],
    why: "Each was told their own balance. That two people proved themselves here made the browser a shared one: it tells nobody’s name any more, so whoever comes next is asked who they are. See Identities.",
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
  #more;
  #devices;
  #story = 0;
  #done = STORIES.map(() => new Set());
  #name;
  #doing = Promise.resolve();

  /** `devices` does the steps: `{chat, speaker, phone, call, workplace, pass(seconds), look(), show(view), people()}`; the latter names who is played, and another. */
  constructor(root, devices, invocation) {
    this.#devices = devices;
    this.#name = invocation;
    this.#tabs = root.querySelector("[role=tablist]");
    this.#steps = root.querySelector(".steps");
    this.#why = root.querySelector(".why");
    this.#more = root.querySelector(".more");
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

  /** A story is laid open, unless somebody is in the middle of another one. */
  suggest(title) {
    const at = STORIES.findIndex((story) => story.title === title);
    if (at >= 0 && at !== this.#story && !this.#done[this.#story].size) this.#choose(at);
  }

  #choose(index) {
    this.#story = index;
    if (this.#done[index].size >= STORIES[index].steps.length) this.#done[index].clear();
    this.#draw();
    this.#tabs.children[index].scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  #draw() {
    const { steps, why, more } = STORIES[this.#story];
    const done = this.#done[this.#story];
    const next = steps.findIndex((_, index) => !done.has(index));
    [...this.#tabs.children].forEach((tab, index) => {
      tab.setAttribute("aria-selected", String(index === this.#story));
      tab.tabIndex = index === this.#story ? 0 : -1;
    });
    this.#steps.parentElement.setAttribute("aria-labelledby", `tab-${this.#story}`);
    this.#steps.replaceChildren(...steps.map((step, index) => this.#item(step, index, index === next ? "next" : "later")));
    const whole = next < 0;
    this.#why.classList.toggle("told", whole);
    const offered = whole && more ? more.steps.map((step, index) => [step, steps.length + index]) : [];
    const all = offered.length > 0 && offered.every(([, index]) => done.has(index));
    const text = all ? more.why : whole ? why : "";
    if (this.#why.textContent !== text) this.#why.textContent = text;
    const first = offered.find(([, index]) => !done.has(index))?.[1];
    this.#more.hidden = !offered.length;
    this.#more.replaceChildren(...(offered.length ? [h("li", { class: "lead" }, more.lead)] : []), ...offered.map(([step, index]) => this.#item(step, index, index === first ? "offered" : "later")));
  }

  #item(step, index, otherwise) {
    const state = this.#done[this.#story].has(index) ? "done" : otherwise;
    return h("li", { class: `step ${state}` },
      h("button", { type: "button", "aria-current": state === "next" ? "step" : null, on: { click: () => this.#do(step, index) } },
        icon(state === "done" ? "check" : step.signIn ? "key" : { speaker: "alexa", chat: "web", phone: "text", clock: "clock", look: "eye", call: step.keys || step.code ? "keypad" : "phone", desk: "headset", floor: "eye" }[step.on]),
        h("span", {}, this.#words(step))));
  }

  #words(step) {
    const { me, other } = this.#devices.people();
    if (step.on === "look") return "Look behind the newest turn";
    if (step.open && step.on === "clock") return "Wait until it’s open";
    if (step.on === "clock") return "Let 20 minutes pass";
    if (step.on === "floor") return "See it as the supervisor";
    if (step.words) return step.words;
    if (step.dial) return "Call the bank";
    if (step.code) return step.on === "call" ? "Key in the proof" : "Enter the code";
    if (step.reach) return `Give ${me}’s number`;
    if (step.back) return "Sign out, come back";
    if (step.signIn) return step.signIn === "me" ? `${me} signs in at a new browser` : `${other} signs in there`;
    if (step.unknown) return "Open the chat at a new browser";
    if (step.open) return step.on === "chat" ? "Open the chat" : `“Alexa, open ${this.#name}”`;
    return step.tap ? `Tap ${step.tap}` : `“${step.say}”`;
  }

  /** Steps that are asked for faster than the bank answers wait for their turn. */
  #do(step, index) {
    const mine = this.#done[this.#story];
    mine.add(index);
    this.#draw();
    const following = this.#steps.parentElement.querySelector(".next button, .offered button");
    following?.focus({ preventScroll: true });
    following?.scrollIntoView({ block: "nearest", inline: "center" });
    this.#doing = this.#doing.then(() => this.#perform(step));
    return this.#doing;
  }

  async #perform(step) {
    const { chat, speaker, phone, call, workplace, pass, look, show, people } = this.#devices;
    if (step.on === "clock") return step.open ? workplace.untilOpen() : pass(step.seconds);
    if (step.on === "look") return look();
    show(step.on);
    if (step.on === "floor") return undefined;
    if (step.on === "desk") return step.act === "status" ? workplace.available() : workplace.do(step.act, step.more);
    const device = { chat, speaker, phone, call }[step.on];
    if (step.dial) return device.dial();
    if (step.keys) return device.menu(step.keys);
    if (step.open) return device.open();
    if (step.unknown) await device.openUnknown();
    if (step.signIn) return device.signIn(people()[step.signIn]);
    if (step.unknown) return undefined;
    if (step.back) return device.comeBack();
    if (step.reach) {
      phone.show("phone");
      return device.giveReach(step.reach);
    }
    if (step.code) return device.enterNewest();
    return step.tap ? device.tap(step.tap) : device.say(step.say);
  }
}
