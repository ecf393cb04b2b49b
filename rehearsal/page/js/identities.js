// How the bank knows this customer: every link with its evidence, and beneath it what the desk may do.

import { Desk } from "./desk.js";
import { byId, h, icon } from "./elements.js";
import { inOrder, kindOf } from "./kinds.js";
import { ASSURANCE, span } from "./words.js";

export class Identities {
  #live;
  #dialog = byId("identities");
  #desk;
  #shown = "";

  constructor(live, people) {
    this.#live = live;
    this.#desk = new Desk(live, people);
    byId("identities-open").addEventListener("click", () => {
      this.#draw();
      this.#dialog.showModal();
    });
    this.#dialog.addEventListener("click", (event) => {
      if (event.target === this.#dialog) this.#dialog.close();
    });
    live.addEventListener("change", () => this.#dialog.open && this.#links());
  }

  #draw() {
    const close = h("button", { type: "button", class: "quiet icon-only", "aria-label": "Close", on: { click: () => this.#dialog.close() } }, icon("close"));
    this.#dialog.replaceChildren(
      h("header", { class: "panel-head" }, icon("key"), h("h2", { id: "identities-title" }, `How the bank knows ${this.#live.person}`), close),
      h("div", { class: "identities-body" }, h("ul", { class: "identity-list", id: "identity-list" }), this.#desk.draw()));
    this.#shown = "";
    this.#links();
  }

  /** Drawn anew where something changed that can be seen: what has the focus keeps it otherwise. */
  #links() {
    const links = inOrder(this.#live.state?.customer.links ?? []);
    const rows = links.map((link) => facts(link));
    const shown = JSON.stringify(rows);
    if (shown === this.#shown) return;
    this.#shown = shown;
    byId("identity-list").replaceChildren(...links.map((link, index) => this.#row(link, rows[index])));
  }

  #row(link, { name, sign, since, marks }) {
    const part = (how, words, why) => h("button", { type: "button", class: "quiet small", title: why, "aria-label": `${words}: ${name} ${link.ending}`, on: { click: () => this.#desk.ask({ act: "unlink", link: link.id, how }) } }, words);
    return h("li", { class: link.closed ? "identity closed" : "identity" },
      icon(sign),
      h("div", {}, h("strong", {}, name), link.ending ? ` ${link.ending}` : "", h("small", {}, since),
        marks.length ? h("small", { class: "marks" }, marks.join(" · ")) : null),
      h("span", { class: `level ${link.assurance}`, title: ASSURANCE[link.assurance] }, link.assurance),
      link.closed ? null : h("span", { class: "parting" },
        part("gone", "Gone", "As the chosen team: they come by it no longer, and what was said stays theirs"),
        part("wrong", "Never theirs", "As the chosen team: it was somebody else’s all along, and what came through it leaves")));
  }
}

function facts(link) {
  const [name, sign] = kindOf(link.kind);
  const verified = link.verified.map(({ session, how, left }) => `verified on ${session} by ${how} for ${span(Math.max(left, 60))} more`);
  const marks = [link.shared && "shared with others", link.closed && "closed", link.act ? "came by a merge" : link.moved && "joined later", link.codes && "codes can go here", ...verified].filter(Boolean);
  return { link: link.id, assurance: link.assurance, name, sign, since: `${link.evidence}, ${span(link.age)} ago${link.by ? `, by ${link.by}` : ""}`, marks };
}
