// What the rehearsal knows of the chosen person, asked for again after each turn and every moment.

import { Gone, Refused, get } from "./api.js";

const MOMENT = 1500;

/** Tells `change` (with the newest state), `person` and `reach` (whether the rehearsal answers). */
export class Live extends EventTarget {
  person = "";
  /** 0 at their own browser, else the number of an unknown one. */
  browser = 0;
  turns = [];
  state = null;
  reachable = true;
  #run = "";
  #asking = null;
  #again = false;

  /** Show somebody else. */
  choose(person) {
    this.person = person;
    this.turns = [];
    this.state = null;
    this.#run = "";
    this.#tell("person");
    return this.refresh();
  }

  /** Ask for ever, while the page can be seen. */
  start() {
    setInterval(() => {
      if (!document.hidden) this.refresh();
    }, MOMENT);
    document.addEventListener("visibilitychange", () => document.hidden || this.refresh());
  }

  /** Ask now; one question at a time, and once more if something happened meanwhile. */
  async refresh() {
    this.#again = this.#asking !== null;
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = null;
    });
    await this.#asking;
    if (this.#again) {
      this.#again = false;
      await this.refresh();
    }
  }

  async #ask() {
    const person = this.person;
    try {
      const state = await get("/api/state", { person, run: this.#run, turns: this.turns.length, browser: this.browser });
      if (person !== this.person) return;
      const anew = state.run !== this.#run;
      this.turns = anew ? state.turns : [...this.turns, ...state.turns];
      this.state = state;
      this.#run = state.run;
      this.reach(true);
      this.#tell("change", { anew, fresh: state.turns });
    } catch (error) {
      if (error instanceof Gone) this.reach(false);
      else if (!(error instanceof Refused)) throw error;
    }
  }

  /** Note whether the rehearsal answers. */
  reach(reachable) {
    if (reachable === this.reachable) return;
    this.reachable = reachable;
    this.#tell("reach");
  }

  #tell(what, detail = {}) {
    this.dispatchEvent(new CustomEvent(what, { detail }));
  }
}
