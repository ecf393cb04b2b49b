// The desk: what a member of the staff may ask of it and do at it, each with a reason, and what it answers.

import { Refused, post } from "./api.js";
import { h } from "./elements.js";
import { told } from "./told.js";

const TEAMS = ["agent", "supervisor", "operator", "auditor", "analyst"];
const SHOWS = ["links", "timeline", "look", "transcripts", "conflicts", "audit"];

/** A part of the page's dialog, drawn once each time that it opens. */
export class Desk {
  #live;
  #people;
  #team = "agent";
  #why = h("input", { id: "desk-why", type: "text", maxlength: 300, value: "the customer asked", autocomplete: "off" });
  #told = h("div", { class: "desk-told", id: "desk-told", tabindex: 0, role: "status", "aria-label": "What the desk told", hidden: true });
  #more = h("div", { class: "desk-acts" });

  constructor(live, people) {
    this.#live = live;
    this.#people = people;
    live.addEventListener("person", () => { this.#told.hidden = true; });
  }

  /** The desk, for the person who is chosen now. */
  draw() {
    const team = h("select", { id: "desk-team", on: { change: (event) => { this.#team = event.target.value; } } },
      TEAMS.map((name) => h("option", { value: name, selected: name === this.#team }, name)));
    this.#told.hidden = true;
    this.#offer();
    return h("section", { class: "desk", "aria-labelledby": "desk-title" },
      h("h3", { id: "desk-title" }, "The desk"),
      h("p", { class: "note" }, "The deployed function, asked as a member of the staff. What is asked and why is written to the trail before anything is told."),
      h("div", { class: "desk-who" },
        h("label", { for: "desk-team" }, "Team"), team,
        h("label", { for: "desk-why" }, "because"), this.#why),
      h("div", { class: "desk-acts", role: "group", "aria-label": "Show" }, h("span", { class: "desk-kind" }, "Show"), SHOWS.map((act) => this.#button(act, { act }))),
      this.#more,
      this.#told);
  }

  /** Ask for one act; the answer is shown. */
  async ask(request) {
    const asked = { why: this.#why.value, ...request };
    // The whole trail of the day: refusals are about nobody in particular.
    if (asked.act === "audit") Object.assign(asked, { customer: null, day: new Date(this.#live.state.now * 1000).toISOString().slice(0, 10) });
    this.#told.hidden = false;
    try {
      const answer = await post("/api/desk", { person: this.#live.person, team: this.#team, request: asked });
      this.#told.replaceChildren(...told(asked, answer, this.#live.state.customer, (further) => this.ask(further)));
    } catch (error) {
      if (!(error instanceof Refused)) this.#live.reach(false);
      this.#told.replaceChildren(h("p", { class: "trouble" }, error.message));
    }
    this.#told.scrollIntoView({ block: "nearest" });
    await this.#live.refresh();
    this.#offer();
  }

  #offer() {
    const merges = [...new Set((this.#live.state?.customer.links ?? []).map((link) => link.act).filter(Boolean))];
    const other = h("select", { "aria-label": "Merge with whom" }, this.#people.filter((one) => one !== this.#live.person).map((one) => h("option", {}, one)));
    const merge = h("button", { type: "button", class: "quiet small", on: { click: () => this.ask({ act: "merge", other: other.value }) } }, "merge with");
    const erase = h("button", { type: "button", class: "quiet small grave" }, "erase");
    // What can't be undone takes two presses.
    erase.addEventListener("click", () => {
      if (erase.dataset.sure) return this.ask({ act: "erase" });
      erase.dataset.sure = "yes";
      erase.textContent = `Really erase ${this.#live.person}?`;
      return undefined;
    });
    const focused = document.activeElement?.closest(".desk-acts") === this.#more ? document.activeElement.textContent : "";
    this.#more.replaceChildren(h("span", { class: "desk-kind" }, "Do"),
      h("span", { class: "joint" }, merge, other),
      ...merges.map((act) => this.#button("split", { act: "split", undo: act })),
      ...["export", "hold", "release"].map((act) => this.#button(act, { act })), erase);
    if (focused) [...this.#more.querySelectorAll("button")].find((one) => one.textContent === focused)?.focus();
  }

  #button(name, request) {
    return h("button", { type: "button", class: "quiet small", on: { click: () => this.ask(request) } }, name);
  }
}
