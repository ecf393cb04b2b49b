// An agent's desk: contacts ring, are taken, talked to, held, passed on, ended and put down.

import { transcript } from "./calls.js";
import { byId, h, icon, keepAtEnd } from "./elements.js";
import { ASSURANCE, channelOf, readable, span } from "./words.js";

const STATES = { offered: "rings", connected: "connected", held: "on hold", "after contact work": "over: how did it end?" };
const WHO = { bot: "Bot", whisper: "Whispered to you", customer: "Customer", agent: "You" };
const MOODS = { POSITIVE: "positive", NEGATIVE: "negative", NEUTRAL: "neutral", MIXED: "mixed" };

export class Workplace {
  #telephone;
  #who = byId("desk-agent");
  #status = byId("desk-status");
  #body = byId("workplace-body");
  #contact = "";
  #key = "";
  #parts = null;
  #busy = false;
  #pass;

  /** `pass(seconds)` lets time pass. */
  constructor(telephone, pass) {
    this.#telephone = telephone;
    this.#pass = pass;
    byId("desk-open").addEventListener("click", () => this.untilOpen());
    this.#who.addEventListener("change", () => {
      this.#contact = "";
      telephone.sit(this.#who.value);
    });
    this.#status.addEventListener("change", () => this.#act("status", "", { status: this.#status.checked ? "available" : "offline" }));
    telephone.addEventListener("change", () => this.#draw());
    telephone.addEventListener("trouble", ({ detail }) => {
      if (detail.path.endsWith("/agent")) this.#trouble(detail.message);
    });
  }

  /** Time passes until the centre's people are there, if they aren't. */
  async untilOpen() {
    await this.#telephone.refresh();
    const seconds = this.#telephone.state?.opens_in ?? 0;
    if (seconds > 0) await this.#pass(seconds);
    await this.#telephone.refresh();
  }

  /** The agent is available, as the guide's steps ask. */
  async available() {
    if (!this.#status.checked) await this.#act("status", "", { status: "available" });
  }

  /** The contact that rings is taken, or does what `act` says to the one at the desk. */
  async do(act, more = {}) {
    const { desk } = this.#telephone.state;
    const wanted = { accept: "offered", resume: "held", complete: "after contact work" }[act];
    const one = desk.find(({ state }) => !wanted || state === wanted) ?? desk[0];
    if (one) await this.#act(act, one.contact, more);
  }

  async #act(act, contact, more = {}) {
    byId("workplace-trouble").hidden = true;
    this.#busy = true;
    await this.#telephone.act(act, contact, more);
    this.#busy = false;
    this.#draw();
  }

  #trouble(message) {
    byId("workplace-trouble").textContent = message;
    byId("workplace-trouble").hidden = false;
  }

  #draw() {
    const { state } = this.#telephone;
    if (!state) return;
    this.#agents(state.centre.agents);
    byId("desk-closed").hidden = !state.opens_in;
    if (state.opens_in) byId("desk-opens").textContent = `Closed at this hour: it opens in ${span(state.opens_in)}.`;
    const me = state.centre.agents.find(({ username }) => username === this.#telephone.agent);
    if (!me) return;
    if (!this.#busy) this.#status.checked = me.status !== "offline";
    byId("desk-status-words").textContent = { offline: "Offline", available: "Available", missed: "Missed a call" }[me.status] ?? me.status;
    byId("desk-again").hidden = me.status !== "missed";
    byId("desk-again").onclick = () => this.#act("status", "", { status: "available" });
    const desk = state.desk;
    if (!desk.some(({ contact }) => contact === this.#contact)) this.#contact = (desk.find((one) => one.state === "connected") ?? desk[0])?.contact ?? "";
    const one = desk.find(({ contact }) => contact === this.#contact);
    const key = JSON.stringify([this.#telephone.agent, me.status, desk.map(({ contact, state, dialling }) => [contact, state, dialling]), this.#contact]);
    if (key !== this.#key) {
      this.#key = key;
      this.#build(me, desk, one, state);
    }
    this.#fill(one);
  }

  #agents(agents) {
    if (!this.#telephone.agent && agents.length) {
      this.#telephone.agent = agents[0].username;
      this.#telephone.refresh();
    }
    const names = agents.map(({ username }) => username).join();
    if (this.#who.dataset.of === names) return;
    this.#who.dataset.of = names;
    this.#who.replaceChildren(...agents.map(({ username, team }) => h("option", { value: username, selected: username === this.#telephone.agent }, team ? `${username}, ${team}` : username)));
  }

  #build(me, desk, one, state) {
    this.#parts = null;
    const focused = this.#body.contains(document.activeElement) ? document.activeElement.id : "";
    if (!one) {
      const waiting = state.centre.queues.reduce((sum, queue) => sum + queue.waiting, 0);
      const words = me.status === "offline"
        ? `Nothing comes to an agent who is offline.${waiting ? ` ${waiting} in line.` : ""}`
        : "Waiting for a contact. Call the bank on the left and ask for a person.";
      this.#body.replaceChildren(h("div", { class: "asleep" }, h("span", { class: "launcher" }, icon("headset")), h("p", {}, words),
        me.status === "offline" ? h("button", { type: "button", class: "primary", id: "desk-go", on: { click: () => this.#act("status", "", { status: "available" }) } }, "Be available") : null));
      return;
    }
    const tabs = desk.length > 1 ? h("div", { class: "desk-tabs", role: "group", "aria-label": "Contacts at this desk" }, desk.map((each) =>
      h("button", { type: "button", class: "flow-tab", "aria-pressed": each.contact === one.contact, on: { click: () => { this.#contact = each.contact; this.#draw(); } } }, icon(each.channel === "CHAT" ? "web" : "phone"), each.name || readable(each.customer), h("small", {}, STATES[each.state])))) : null;
    this.#body.replaceChildren(...[tabs, this.#head(one), ...(one.state === "offered" ? [this.#ringing(one)] : one.state === "after contact work" ? [this.#screen(), this.#form(one)] : [this.#screen(), this.#talk(one), this.#acts(one)])].filter(Boolean));
    if (focused) byId(focused)?.focus({ preventScroll: true });
  }

  #head(one) {
    const what = `${one.callback ? "Call back" : one.channel === "CHAT" ? "Chat" : "Call"} ${STATES[one.state]}`;
    return h("p", { class: `desk-line ${one.state.split(" ")[0]}`, role: "status" }, icon(one.channel === "CHAT" ? "web" : "phone"),
      h("strong", {}, one.dialling ? "Dialling: the customer’s phone rings" : what), h("span", {}, one.queue ? `from ${one.queue.toLowerCase()}` : ""), h("span", { class: "mood", id: "desk-mood", title: "How the customer’s last turn sounded", hidden: true }), h("time", { id: "desk-since" }));
  }

  #ringing(one) {
    if (one.dialling) return null;
    return h("div", { class: "desk-acts ringing" },
      h("button", { type: "button", class: "primary", id: "desk-accept", on: { click: () => this.#act("accept", one.contact) } }, one.callback ? "Accept and dial" : "Accept"),
      h("button", { type: "button", class: "quiet", id: "desk-reject", on: { click: () => this.#act("reject", one.contact) } }, "Reject"));
  }

  #screen() {
    this.#parts ??= {};
    this.#parts.screen = h("section", { class: "pop", "aria-label": "Screen pop" });
    return this.#parts.screen;
  }

  #talk(one) {
    this.#parts ??= {};
    const log = h("div", { class: "log talk", role: "log", "aria-live": "polite", "aria-label": "Live transcript", tabindex: 0 });
    keepAtEnd(log);
    this.#parts.log = log;
    this.#parts.lines = 0;
    const held = one.state === "held";
    const field = h("input", { id: "desk-words", type: "text", maxlength: 900, autocomplete: "off", placeholder: held ? "On hold: nobody hears you" : one.channel === "CHAT" ? "Write to the customer" : "Say to the customer", disabled: held });
    const form = h("form", { class: "entry" }, h("label", { class: "unseen", for: "desk-words" }, "What you say to the customer"), field,
      h("button", { type: "submit", class: "primary round", "aria-label": "Say it to the customer", disabled: held }, icon("send")));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const words = field.value.trim();
      field.value = "";
      if (words) this.#act("say", one.contact, { words });
    });
    return h("div", { class: "talking" }, log, form);
  }

  #acts(one) {
    const held = one.state === "held";
    const { centre } = this.#telephone.state;
    const to = h("select", { id: "desk-to", "aria-label": "Transfer to" }, centre.queues.map(({ name, queue }) => h("option", { value: queue }, name)));
    return h("div", { class: "desk-acts", role: "group", "aria-label": "Contact" },
      one.channel === "VOICE" ? h("button", { type: "button", class: "quiet", id: "desk-hold", on: { click: () => this.#act(held ? "resume" : "hold", one.contact) } }, held ? "Resume" : "Hold") : null,
      h("span", { class: "joint" }, h("button", { type: "button", class: "quiet", id: "desk-transfer", on: { click: () => this.#act("transfer", one.contact, { queue: to.value }) } }, "Transfer to"), to),
      one.relayed ? h("button", { type: "button", class: "quiet", id: "desk-attach", on: { click: () => this.#act("attach", one.contact) } }, icon("clip"), "Send a file") : null,
      h("button", { type: "button", class: "quiet end", id: "desk-end", on: { click: () => this.#act("end", one.contact) } }, "End"));
  }

  #form(one) {
    const { codes } = this.#telephone.about;
    const code = h("select", { id: "desk-code", required: true }, h("option", { value: "" }, "Choose …"), codes.map(({ label, value }) => h("option", { value }, label)));
    const note = h("textarea", { id: "desk-note", rows: 2, maxlength: 500 });
    const follow = h("input", { id: "desk-follow", type: "checkbox", role: "switch" });
    const form = h("form", { class: "disposing", "aria-label": "Disposition" },
      h("h3", {}, "How it ended"),
      h("label", { for: "desk-code" }, "Outcome"), code,
      h("label", { for: "desk-note" }, "Note"), note,
      h("label", { class: "switch" }, follow, h("span", { class: "track" }), h("span", {}, "Make a follow-up task")),
      h("button", { type: "submit", class: "primary", id: "desk-save" }, "Save and be free"));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#act("complete", one.contact, { code: code.value, note: note.value, follow_up: follow.checked });
    });
    return form;
  }

  #fill(one) {
    const since = byId("desk-since");
    if (one && since) since.textContent = span(Math.max(0, this.#telephone.state.now - one.since));
    const mood = this.#telephone.state.centre.contacts.find(({ contact }) => contact === one?.contact)?.sentiments.at(-1)?.toLowerCase() ?? "";
    const told = byId("desk-mood");
    if (told && told.textContent !== mood) {
      told.className = `mood ${mood}`;
      told.textContent = mood;
      told.hidden = !mood;
    }
    const log = one && this.#telephone.logs.get(one.contact);
    if (!log || !this.#parts) return;
    this.#pop(one);
    if (!this.#parts.log) return;
    const lines = transcript(log.events, "agent", (arn) => this.#telephone.name(arn));
    this.#parts.log.append(...lines.slice(this.#parts.lines).map(({ by, words, event }) =>
      by === "note" ? h("p", { class: "note" }, words)
        : h("p", { class: `line ${{ agent: "mine", customer: "caller" }[by] ?? by}` }, h("span", { class: "line-by" }, `${WHO[by]}: `), event?.secret ? "[keyed in, encrypted]" : words)));
    this.#parts.lines = lines.length;
  }

  /** What the View shows: who it is, how sure that is, what they were doing, what was said before. */
  #pop(one) {
    const key = JSON.stringify(one.screen);
    if (this.#parts.popped === key) return;
    this.#parts.popped = key;
    const { name, assurance, task, notice, turns, sentiment } = named(one.screen ?? {});
    const said = listOf(turns);
    this.#parts.screen.replaceChildren(...(one.screen ? [
      h("div", { class: "pop-who" }, h("strong", {}, name || "Unknown"),
        assurance ? h("span", { class: `level ${assurance}`, title: ASSURANCE[assurance] }, assurance) : null,
        sentiment ? h("span", { class: `mood ${MOODS[sentiment.toUpperCase()] ?? ""}` }, sentiment.toLowerCase()) : null,
        h("span", { class: "soft" }, readable(one.customer))),
      notice && notice !== "-" ? h("p", { class: "note" }, notice) : null,
      h("p", { class: "pop-task" }, h("span", { class: "soft" }, "Open task: "), task && task !== "-" ? task : "none"),
      said.length ? h("details", { class: "pop-turns", open: true }, h("summary", {}, `Last turns on all channels (${said.length})`),
        h("ol", {}, said.map((turn) => h("li", {}, typeof turn === "string" ? turn
          : [h("span", { class: "soft" }, `${channelOf(`${turn.channel}:`)[0]}${turn.when ? `, ${turn.when}` : ""}: `), turn.said ? `“${turn.said}” ` : "", h("span", { class: "soft" }, turn.answered ?? "")])))) : null,
    ] : [h("p", { class: "note" }, "The agent’s screen is being looked up …")]).filter(Boolean));
  }
}

/** The View's data by lower-case names. */
function named(screen) {
  return Object.fromEntries(Object.entries(screen).map(([key, value]) => [key.toLowerCase(), typeof value === "string" ? value : JSON.stringify(value)]));
}

function listOf(turns) {
  if (!turns || turns === "-") return [];
  try {
    const list = JSON.parse(turns);
    return Array.isArray(list) ? list : [turns];
  } catch {
    return turns.split("\n").filter(Boolean);
  }
}
