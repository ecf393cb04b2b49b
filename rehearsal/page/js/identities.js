// Who the bank knows this customer by: every link with its evidence, and what the desk may do about it.

import { Refused, post } from "./api.js";
import { byId, h, icon } from "./elements.js";
import { ASSURANCE, span } from "./words.js";

const NAMES = {
  web: ["Browser", "web"], alexa: ["Smart speaker", "alexa"], phone: ["Phone number", "phone"], email: ["Mailbox", "mail"],
  login: ["Sign-in", "key"], guest: ["Visitor", "person"],
};
const TEAMS = ["agent", "supervisor", "operator", "auditor", "analyst"];
const ACTS = ["links", "timeline", "look", "transcripts", "audit"];

/** What a kind of link is called, and its icon. */
export const kindOf = (kind) => NAMES[kind] ?? [kind, "person"];

export class Identities {
  #live;
  #dialog = byId("identities");
  #team = "agent";

  constructor(live) {
    this.#live = live;
    byId("identities-open").addEventListener("click", () => {
      this.#draw();
      this.#dialog.showModal();
    });
    live.addEventListener("change", () => this.#dialog.open && this.#links());
  }

  #draw() {
    const close = h("button", { type: "button", class: "quiet icon-only", "aria-label": "Close", on: { click: () => this.#dialog.close() } }, icon("close"));
    const team = h("select", { id: "desk-team", on: { change: (event) => { this.#team = event.target.value; } } },
      TEAMS.map((name) => h("option", { value: name, selected: name === this.#team }, name)));
    this.#dialog.replaceChildren(
      h("header", { class: "panel-head" }, icon("key"), h("h2", { id: "identities-title" }, `Who the bank knows ${this.#live.person} by`), close),
      h("ul", { class: "identity-list", id: "identity-list" }),
      h("section", { class: "desk", "aria-labelledby": "desk-title" },
        h("h3", { id: "desk-title" }, "The desk"),
        h("p", { class: "note" }, "The deployed function, asked as a member of the staff. Each question is written to the trail before it is answered."),
        h("div", { class: "desk-acts" }, h("label", { for: "desk-team" }, "Team "), team,
          ACTS.map((act) => h("button", { type: "button", class: "quiet small", on: { click: () => this.#ask({ act }) } }, act))),
        h("pre", { id: "desk-told", tabindex: 0, "aria-label": "What the desk told", hidden: true })));
    this.#links();
  }

  #links() {
    const links = this.#live.state?.customer.links ?? [];
    byId("identity-list").replaceChildren(...links.map((link) => this.#row(link)));
  }

  #row(link) {
    const [name, sign] = kindOf(link.kind);
    const verified = link.verified.map(({ session, how, left }) => `verified on ${session} by ${how} for ${span(left)} more`);
    const marks = [link.shared && "shared with others", link.closed && "closed", link.moved && "joined later", link.codes && "codes can go here", ...verified].filter(Boolean);
    const part = link.closed ? null
      : h("button", { type: "button", class: "quiet small", title: "As the chosen team: it never was theirs", on: { click: () => this.#ask({ act: "unlink", link: link.id, reason: "wrong" }) } }, "Unlink");
    return h("li", { class: link.closed ? "identity closed" : "identity" },
      icon(sign),
      h("div", {}, h("strong", {}, name), link.ending ? ` ${link.ending}` : "", h("small", {}, `${link.evidence}, ${span(link.age)} ago${link.by ? `, by ${link.by}` : ""}`),
        marks.length ? h("small", { class: "marks" }, marks.join(" · ")) : null),
      h("span", { class: `level ${link.assurance}`, title: ASSURANCE[link.assurance] }, link.assurance), part);
  }

  async #ask(request) {
    const told = byId("desk-told");
    told.hidden = false;
    try {
      const answer = await post("/api/desk", { person: this.#live.person, team: this.#team, request: { why: "rehearsing", ...request } });
      told.textContent = `${answer.status}\n${JSON.stringify(answer.told, null, 2)}`;
    } catch (error) {
      if (!(error instanceof Refused)) this.#live.reach(false);
      told.textContent = error.message;
    }
    await this.#live.refresh();
  }
}
