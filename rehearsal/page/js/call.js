// The person's telephone: it dials in, presses keys, says things, hears what is said, rings when it is called back.

import { buttonsOf, isRecorded, path, transcript, waitsFor, wordsOf } from "./calls.js";
import { byId, h, icon, keepAtEnd } from "./elements.js";
import { Voice } from "./voice.js";
import { readable } from "./words.js";

const KEYS = [["1", ""], ["2", "ABC"], ["3", "DEF"], ["4", "GHI"], ["5", "JKL"], ["6", "MNO"], ["7", "PQRS"], ["8", "TUV"], ["9", "WXYZ"], ["*", ""], ["0", ""], ["#", ""]];
/** Milliseconds after the last key until what was keyed in counts as whole, as Lex waits. */
const PAUSE = 1600;
/** A card that is nobody's, by what is asked for of it. */
const CARD = [["expiry", "1230#"], ["code", "123#"], ["card", "4111111111111111#"]];
const WHO = { bot: "Bank", whisper: "Whispered", customer: "You", agent: "Agent" };

export class Call {
  #telephone;
  #live;
  #panel = byId("call");
  #log = byId("call-log");
  #field = byId("call-text");
  #keyed = "";
  #timer = 0;
  #drawn = "";
  #lines = 0;
  #heard = 0;
  #voice;
  #doing = Promise.resolve();
  #known = null;

  constructor(telephone, live) {
    this.#telephone = telephone;
    this.#live = live;
    this.#voice = new Voice(() => telephone.about.speaks);
    keepAtEnd(this.#log);
    byId("call-dial").addEventListener("click", () => this.dial());
    byId("call-chat").addEventListener("click", () => this.dial("CHAT"));
    byId("call-suggested").addEventListener("click", () => this.enterNewest());
    byId("call-end").addEventListener("click", () => this.hangUp());
    byId("call-silence").addEventListener("click", () => this.#do({ silence: true }));
    byId("call-answer").addEventListener("click", () => this.#answer(true));
    byId("call-decline").addEventListener("click", () => this.#answer(false));
    byId("call-sound").addEventListener("change", (event) => {
      this.#voice.on = event.target.checked;
      if (event.target.checked) this.#voice.wake();
      else this.#voice.silence();
      this.#draw();
    });
    byId("call-form").addEventListener("submit", (event) => {
      event.preventDefault();
      const words = this.#field.value.trim();
      if (words) this.say(words);
      this.#field.value = "";
    });
    const pad = byId("keypad");
    pad.append(...KEYS.map(([key, letters]) =>
      h("button", { type: "button", "data-key": key, "aria-label": { "*": "star", "#": "hash" }[key] ?? key, on: { click: () => this.key(key) } }, h("strong", {}, key), h("small", { "aria-hidden": "true" }, letters))));
    this.#panel.addEventListener("keydown", (event) => {
      if (event.target === this.#field || event.ctrlKey || event.metaKey || event.altKey || !/^[0-9*#]$/.test(event.key)) return;
      event.preventDefault();
      this.key(event.key);
    });
    this.#listen();
    live.addEventListener("person", () => {
      this.#voice.silence();
      this.#known = null;
    });
    live.addEventListener("change", () => this.#texted(live.state));
    telephone.addEventListener("place", () => this.#begin());
    telephone.addEventListener("change", () => this.#draw());
    telephone.addEventListener("trouble", ({ detail }) => {
      if (!detail.path.endsWith("/agent")) this.#put(h("div", { class: "trouble" }, h("p", {}, detail.message)));
    });
    setInterval(() => this.#clock(), 1000);
    this.#begin();
  }

  /** The bank is called, or written to. */
  async dial(channel = "VOICE") {
    this.#voice.wake();
    await this.#telephone.dial(channel, byId("call-withheld").checked);
    this.#field.focus({ preventScroll: true });
  }

  /** One key is pressed. */
  key(key) {
    const waits = this.#waits;
    if (!this.#on || this.#mine.channel !== "VOICE") return;
    this.#voice.wake();
    this.#voice.hush();
    this.#voice.key(key);
    this.#keyed += key;
    clearTimeout(this.#timer);
    const whole = key === "#" || waits?.kind === "key" || (waits?.maximum && this.#keyed.length >= waits.maximum);
    if (whole) this.#send();
    else this.#timer = setTimeout(() => this.#send(), PAUSE);
    this.#display();
  }

  /** Several keys, one after another. */
  keys(digits) {
    clearTimeout(this.#timer);
    this.#keyed = digits;
    return this.#send();
  }

  /** A key, if a menu is open: who has agreed to a recording earlier isn't asked again. */
  menu(digit) {
    return this.#waits?.kind === "key" ? this.keys(digit) : this.#doing;
  }

  /** Something is said, or written where it is a chat. The line is dialled first, if it isn't up. */
  async say(words) {
    if (!this.#on) await this.dial();
    this.#voice.hush();
    return this.#do(this.#mine?.channel === "CHAT" ? { type: words } : { say: words });
  }

  /** What is asked for is keyed in: the PIN, or the newest code that came by text. */
  enterNewest() {
    const [, keys] = this.#suggested ?? [];
    if (keys) return this.keys(keys);
    const code = this.#live.state?.post.findLast((message) => message.code)?.code;
    return code ? this.keys(`${code}#`) : this.#doing;
  }

  hangUp() {
    this.#voice.silence();
    return this.#do({ hang_up: true });
  }

  #answer(answers) {
    this.#voice.ring(false);
    this.#voice.wake();
    return this.#telephone.pickUp(answers);
  }

  #send() {
    const keys = this.#keyed;
    this.#keyed = "";
    this.#display();
    return keys ? this.#do({ keys }) : this.#doing;
  }

  #do(what) {
    const contact = this.#telephone.state?.mine;
    this.#doing = this.#doing.then(() => this.#telephone.do(what, contact));
    return this.#doing;
  }

  get #mine() {
    return this.#telephone.mine;
  }

  get #on() {
    return Boolean(this.#mine) && this.#mine.phase !== "over";
  }

  get #waits() {
    return this.#mine ? waitsFor(this.#mine.events) : null;
  }

  /** What whoever plays somebody can't know by heart: `[label, keys]` for what is keyed in encrypted; null for nothing. */
  get #suggested() {
    if (!this.#on || !this.#waits?.encrypted) return null;
    const { action } = path(this.#mine.events).findLast(({ open }) => open) ?? { action: "" };
    if (/pin/.test(action)) return [`Key in ${this.#live.person}’s PIN`, `${this.#telephone.state.pin}#`];
    const [, keys] = CARD.find(([part]) => action.includes(part)) ?? [];
    return keys ? [`Key in ${keys.slice(0, -1)}`, keys] : null;
  }

  #begin() {
    this.#lines = 0;
    this.#heard = this.#mine?.events.length ?? 0;
    this.#drawn = "";
    this.#log.replaceChildren();
    this.#voice.hush();
    this.#draw();
  }

  #draw() {
    const { state, about } = this.#telephone;
    const mine = this.#mine;
    const ringing = Boolean(state?.ringing);
    const on = this.#on;
    const chat = mine?.channel === "CHAT";
    this.#panel.dataset.state = ringing ? "ringing" : on ? "on" : mine ? "over" : "idle";
    byId("call-number").textContent = readable(about.number);
    byId("call-dial").hidden = byId("call-chat").hidden = byId("call-as").hidden = on || ringing;
    byId("call-end").hidden = !on;
    byId("call-end-words").textContent = chat ? "Leave" : "Hang up";
    byId("call-silence").hidden = !on || !this.#waits || chat;
    byId("call-ringing").hidden = !ringing;
    byId("call-form").hidden = !on;
    byId("keypad").hidden = !on || chat;
    byId("call-mic").hidden = chat || !("SpeechRecognition" in window || "webkitSpeechRecognition" in window);
    byId("call-idle").hidden = Boolean(mine) || ringing;
    this.#field.placeholder = chat ? "Write a message" : "Say something";
    byId("call-text-label").textContent = chat ? "Your message" : "What you say on the phone";
    const [label] = this.#suggested ?? [];
    byId("call-suggest").hidden = !label;
    if (label && byId("call-suggested").textContent !== label) byId("call-suggested").textContent = label;
    this.#recording(mine);
    this.#clock();
    this.#display();
    this.#voice.ring(ringing);
    this.#voice.music(on && !chat && mine.music);
    if (mine) this.#transcribe(mine);
  }

  #transcribe(mine) {
    const lines = transcript(mine.events, "customer", (arn) => this.#telephone.name(arn));
    if (lines.length < this.#lines) this.#lines = 0;
    if (!this.#lines) this.#log.replaceChildren();
    for (const { by, words, event, n } of lines.slice(this.#lines)) {
      this.#put(by === "note" ? h("p", { class: "note" }, words)
        : h("p", { class: `line ${by === "customer" ? "mine" : by}` }, h("span", { class: by === "customer" ? "unseen" : "line-by" }, `${WHO[by]}: `), event?.secret ? "•".repeat(words.length) : words, event?.how === "keys" ? h("small", {}, "keyed") : null));
      const aloud = by === "bot" || by === "agent" || by === "whisper";
      if (event?.kind === "card") this.#buttons(event.content);
      if (aloud && n >= this.#heard && mine.channel === "VOICE") this.#voice.say(event.content ?? words, wordsOf(event.content ?? words, event.kind ?? "text"));
    }
    this.#lines = lines.length;
    this.#heard = mine.events.length;
  }

  #buttons(content) {
    const buttons = buttonsOf(content);
    if (!buttons.length) return;
    this.#put(h("div", { class: "choices" }, buttons.map(({ text, value }) =>
      h("button", { type: "button", class: "choice", on: { click: () => this.#do({ type: value ?? text }) } }, text))));
  }

  #put(element) {
    this.#log.append(element);
  }

  #recording(mine) {
    const change = mine?.events.findLast(({ is }) => is === "RecordingChanged");
    const on = this.#on && Boolean(change) && isRecorded(change);
    const chip = byId("call-recording");
    chip.hidden = !this.#on || mine.channel === "CHAT";
    chip.classList.toggle("on", on);
    const words = on ? "Recording" : "Not recorded";
    if (chip.textContent !== words) chip.textContent = words;
  }

  /** Where the call stands, in words. */
  #clock() {
    const mine = this.#mine;
    const told = byId("call-state");
    const words = this.#telephone.state?.ringing ? "The bank is calling you back"
      : !mine ? "" : mine.phase === "over" ? "The call has ended"
      : mine.phase === "queued" ? `In line${mine.queue ? `, ${mine.queue.toLowerCase()}` : ""}: number ${mine.position || 1}`
      : mine.phase === "held" ? "On hold" : mine.phase === "talking" ? `With ${mine.agent}` : mine.phase === "joining" ? "Being put through"
      : this.#waits?.encrypted ? "Keys are encrypted now" : this.#waits ? { key: "Press a key", keys: "Key it in, then #", words: "Listening", text: "Waiting for you" }[this.#waits.kind] ?? "Listening" : "On the line";
    const callback = mine?.callback && mine.phase === "over" ? "A call back is promised. Somebody at the desk must take it." : "";
    if (told.textContent !== (callback || words)) told.textContent = callback || words;
    const seconds = this.#on ? Math.max(0, Math.floor(this.#telephone.state.now - mine.began)) : 0;
    byId("call-time").textContent = this.#on ? `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}` : "";
  }

  #display() {
    const secret = this.#waits?.encrypted;
    byId("keyed").textContent = secret ? "•".repeat(this.#keyed.length) : this.#keyed;
    byId("keyed").hidden = !this.#keyed;
  }

  /** A text that comes during the call, such as a code, is shown where it is needed. */
  #texted({ post }) {
    const first = this.#known === null;
    this.#known ??= new Set();
    for (const { id, code, text, way } of post) {
      if (this.#known.has(id)) continue;
      this.#known.add(id);
      if (first || !this.#on) continue;
      this.#put(h("aside", { class: "texted", "aria-label": way === "email" ? "Mail" : "Text message" },
        h("header", {}, icon(way === "email" ? "mail" : "text"), way === "email" ? "Mail" : "Text message"), h("p", {}, text),
        code ? h("button", { type: "button", class: "choice", on: { click: () => (this.#mine.channel === "CHAT" ? this.say(code) : this.keys(`${code}#`)) } }, `Key in ${code}`) : null));
    }
  }

  /** Words by the browser's own recogniser, where it has one. */
  #listen() {
    const Recognition = window.SpeechRecognition ?? window.webkitSpeechRecognition;
    if (!Recognition) return;
    const button = byId("call-mic");
    button.addEventListener("click", () => {
      const ear = new Recognition();
      ear.lang = "en-US";
      button.setAttribute("aria-pressed", "true");
      this.#voice.hush();
      ear.addEventListener("result", ({ results }) => this.say(results[0][0].transcript));
      ear.addEventListener("error", () => this.#put(h("p", { class: "note" }, "Your browser could not listen. Type what you say.")));
      ear.addEventListener("end", () => button.setAttribute("aria-pressed", "false"));
      ear.start();
    });
  }
}
