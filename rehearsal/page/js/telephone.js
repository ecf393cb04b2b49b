// The contact centre as the page knows it: the call of the chosen person, what is at a desk, and the whole floor.

import { Gone, Refused, get, post } from "./api.js";

const MOMENT = 700;
/** While nobody looks at it. */
const NOW_AND_THEN = 4000;

/** Tells `change` after each answer, `place` when another contact is on the line, and `trouble` with a message. */
export class Telephone extends EventTarget {
  /** What never changes: flows as pictures, names, codes of dispositions, the number. */
  about = { flows: {}, names: {}, codes: [], number: "", speaks: false };
  /** The newest answer. */
  state = null;
  /** Contact id to its facts, with all its `events`. */
  logs = new Map();
  /** Whose desk is looked at. */
  agent = "";
  /** Whether the page shows it now. */
  watched = false;
  #live;
  #run = "";
  #asked = 0;
  #asking = null;
  #again = false;

  constructor(live) {
    super();
    this.#live = live;
    live.addEventListener("person", () => this.refresh());
  }

  /** Ask for ever. */
  async start() {
    setInterval(() => {
      const due = this.watched ? MOMENT : NOW_AND_THEN;
      if (!document.hidden && Date.now() - this.#asked >= due) this.refresh();
    }, MOMENT);
    await this.refresh();
  }

  /** The contact that is, or was last, on the person's phone. */
  get mine() {
    return this.logs.get(this.state?.mine) ?? null;
  }

  /** What something is called among people. */
  name(arn) {
    return this.about.names[arn] ?? arn.split(/[/:]/).at(-1);
  }

  /** Somebody's desk is looked at. */
  sit(agent) {
    this.agent = agent;
    return this.refresh();
  }

  /** The person calls, or opens a chat with `channel` CHAT. */
  dial(channel = "VOICE", withheld = false) {
    return this.#ask("/api/telephone/dial", { person: this.#live.person, channel, withheld });
  }

  /** What the customer does: `{keys}`, `{say}`, `{type}`, `{silence: true}` or `{hang_up: true}`. */
  do(what, contact = this.state?.mine) {
    return this.#ask("/api/telephone/do", { contact, ...what });
  }

  /** The phone rings: it is answered, or not. */
  pickUp(answers) {
    return this.#ask("/api/telephone/pick_up", { person: this.#live.person, answers });
  }

  /** What an agent does at the desk. */
  act(act, contact = "", more = {}) {
    return this.#ask("/api/telephone/agent", { agent: this.agent, act, contact, ...more });
  }

  async #ask(path, what) {
    try {
      return await post(path, what);
    } catch (error) {
      if (error instanceof Gone) this.#live.reach(false);
      this.dispatchEvent(new CustomEvent("trouble", { detail: { message: error.message, path } }));
      return null;
    } finally {
      await this.refresh();
    }
  }

  /** Ask now; one question at a time, and once more if something happened meanwhile. */
  async refresh() {
    this.#again = this.#asking !== null;
    this.#asking ??= this.#fetch().finally(() => {
      this.#asking = null;
    });
    await this.#asking;
    if (this.#again) {
      this.#again = false;
      await this.refresh();
    }
  }

  async #fetch() {
    const person = this.#live.person;
    if (!person) return;
    this.#asked = Date.now();
    const seen = [...this.logs].map(([id, { events }]) => `${id}:${events.length}`).join(",");
    try {
      const state = await get("/api/telephone", { person, agent: this.agent, seen, run: this.#run });
      if (person !== this.#live.person) return;
      if (state.run !== this.#run) {
        this.#run = state.run;
        this.logs.clear();
        this.about = await get("/api/telephone/about");
      }
      const before = this.state?.mine;
      this.state = state;
      for (const [id, log] of Object.entries(state.logs)) {
        const events = this.logs.get(id)?.events ?? [];
        if (log.from === events.length) this.logs.set(id, { ...log, events: [...events, ...log.events] });
      }
      if (before !== state.mine) this.dispatchEvent(new CustomEvent("place"));
      this.dispatchEvent(new CustomEvent("change"));
    } catch (error) {
      if (error instanceof Gone) this.#live.reach(false);
      else if (!(error instanceof Refused)) throw error;
    }
  }
}
