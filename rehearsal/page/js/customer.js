// The one customer: links, the tasks in progress, what is asked, and who has the conversation.

import { Refused, post } from "./api.js";
import { byId, h, icon } from "./elements.js";
import { inOrder, kindOf } from "./kinds.js";
import { ASSURANCE, channelOf, span } from "./words.js";

const ASKED = {
  confirm: "is that right?",
  change: "which value to change",
  which_slot: "which value was meant",
  which_intent: "which of these was meant",
  resume: "whether to go on with this",
  more: "anything else?",
  prove: "whether to prove who they are",
};

export class Customer {
  #live;
  #shown = "";

  constructor(live) {
    this.#live = live;
    live.addEventListener("person", () => this.#person());
    live.addEventListener("change", () => this.#draw(live.state.customer));
  }

  #person() {
    this.#shown = "";
    byId("one-title").textContent = this.#live.person;
    byId("view-person").textContent = this.#live.person;
    byId("links").replaceChildren();
    byId("customer").replaceChildren();
  }

  #draw(customer) {
    const shown = JSON.stringify({ ...customer, frames: customer.frames.map((frame) => ({ ...frame, idle_seconds: Math.floor(frame.idle_seconds / 60) })), links: customer.links.map(({ age, verified, ...link }) => ({ ...link, verified: verified.length })) });
    if (shown === this.#shown) return;
    this.#shown = shown;
    byId("links").replaceChildren(
      ...inOrder(customer.links).map((link) => chip(link)),
    );
    const frames = [...customer.frames].reverse();
    byId("customer").replaceChildren(
      ...[
        customer.with_person && this.#withPerson(customer.with_person),
        customer.pending && h("p", { class: "banner" }, "An action was announced and its outcome is not written yet."),
        frames.length ? frame(frames[0], customer.question) : nothing(customer.question),
        frames.length > 1 && underneath(frames.slice(1)),
      ].filter(Boolean),
    );
  }

  #withPerson(reason) {
    const back = h("button", { type: "button", class: "primary small" }, "Hand back");
    back.addEventListener("click", async () => {
      back.disabled = true;
      try {
        await post("/api/hand_back", { person: this.#live.person });
      } catch (error) {
        if (!(error instanceof Refused)) this.#live.reach(false);
        back.disabled = false;
      }
      await this.#live.refresh();
    });
    return h("div", { class: "banner" }, icon("person"), h("p", {}, h("strong", {}, "A person has this conversation"), ` (${reason.replaceAll("_", " ")}). The bot is silent until they hand back.`), back);
  }
}

/** A link is linked at best; verified is only who proved it a moment ago, in the one session where they did. */
function chip(link) {
  const [name, sign] = kindOf(link.kind);
  const now = link.verified.length ? "verified" : link.closed ? "closed" : link.assurance;
  const why = `${name} ${link.ending}: ${ASSURANCE[link.assurance] ?? ""} (evidence: ${link.evidence}, ${span(link.age)} ago)`;
  return h("span", { class: `link ${now}`, title: why },
    icon(sign), h("span", { class: "link-id" }, `${name} `), now);
}

function frame(task, question) {
  const [channel, channelIcon] = channelOf(task.session);
  const misses = Math.max(0, ...Object.values(task.misses).map(([unheard, silent]) => unheard + silent));
  const state = task.left ? "left a while ago" : task.confirmed ? "confirmed" : "in progress";
  return h("article", { class: "frame" },
    h("header", {},
      h("h3", {}, task.label),
      h("span", { class: "frame-state" }, state)),
    h("dl", {}, task.rows.map((row) => slot(row))),
    question ? asked(question) : null,
    h("footer", {},
      h("span", {}, icon(channelIcon), `last on ${channel.toLowerCase()}${task.idle_seconds >= 60 ? `, ${span(task.idle_seconds)} ago` : ""}`),
      misses ? h("span", { class: "misses" }, `${misses} of 3 misses`) : null));
}

function underneath(tasks) {
  return h("p", { class: "underneath" }, "Waiting underneath: ", tasks.flatMap((task, index) => [index ? ", " : "", h("strong", {}, task.label)]));
}

function slot(row) {
  const value = row.value || (row.secret ? "never stored" : row.asked ? "asked now" : "to come");
  return h("div", { class: row.value ? "slot filled" : row.asked ? "slot asked" : "slot" },
    h("dt", {}, row.label), h("dd", {}, row.value ? icon("check") : null, value));
}

function asked(question) {
  if (question.asked === "slot") return null;
  const [channel] = channelOf(question.session);
  const options = question.options.map((option) => option.label).filter(Boolean).join(" or ");
  return h("p", { class: "asked-now" }, "Now asked: ", ASKED[question.asked] ?? question.asked, options ? `: ${options}` : "", h("span", {}, ` (${channel.toLowerCase()})`));
}

function nothing(question) {
  const text = question ? "No task is open; the bank asked what else it can do." : "No task is open. Begin one on either device, and it appears here.";
  return h("p", { class: "empty" }, text);
}
