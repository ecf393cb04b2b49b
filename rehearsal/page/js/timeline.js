// The timeline: every turn on every channel, one line running through them.

import { byId, h, icon, keepAtEnd } from "./elements.js";
import { ASSURANCE, channel, happened, notable, span, timeOfDay, wrong } from "./words.js";

const LATER = 600;

export class Timeline {
  #list = byId("timeline");
  #before = null;

  /** `look(turn)` shows the raw events behind a turn. */
  constructor(live, look) {
    keepAtEnd(this.#list);
    live.addEventListener("person", () => this.#begin());
    live.addEventListener("change", ({ detail }) => {
      if (detail.anew) this.#begin();
      if (!detail.fresh.length) return;
      for (const example of this.#list.querySelectorAll(".empty, .ghost")) example.remove();
      for (const turn of detail.fresh) {
        this.#between(turn);
        this.#list.append(item(turn, look, !detail.anew));
        this.#before = turn;
      }
    });
  }

  #begin() {
    this.#before = null;
    this.#list.replaceChildren(
      h("li", { class: "empty" }, "Nothing was said yet. What is said on either device will stand here, on one line:"),
      ghost("alexa", "Move fifty dollars to savings", "begun on the speaker"),
      ghost("web", "From checking", "went on in the chat"),
      ghost("web", "Yes", "done, once"));
  }

  #between(turn) {
    const before = this.#before;
    if (!before) return;
    const pause = turn.at - before.at;
    if (pause > LATER) this.#list.append(h("li", { class: "between" }, `${span(pause)} later`));
    if (before.channel !== turn.channel && turn.channel !== "agent") {
      this.#list.append(h("li", { class: "between crossed" }, `${channel(before.channel)[0]} → ${channel(turn.channel)[0]}`));
    }
  }
}

function ghost(sign, words, what) {
  return h("li", { class: "ghost", "aria-hidden": "true" },
    h("span", { class: "node" }, icon(sign)), h("p", {}, `“${words}”`, h("small", {}, what)));
}

function item(turn, look, fresh) {
  const [name, sign] = channel(turn.channel);
  const button = h("button", { type: "button", class: "turn", "aria-haspopup": "dialog", on: { click: () => look(turn) } },
    h("span", { class: "turn-head" },
      h("span", { class: "turn-channel" }, name),
      h("time", {}, timeOfDay(turn.at)),
      h("span", { class: "turn-assurance", title: ASSURANCE[turn.assurance] }, turn.assurance),
      h("span", { class: "turn-raw" }, icon("braces"), h("span", {}, "raw"))),
    said(turn),
    understood(turn),
    h("span", { class: "turn-answer" }, turn.answered.join(" ") || "(silent: a person has it)"),
    turn.events.length ? h("span", { class: "chips" }, turn.events.map(([event]) => chip(event))) : null);
  return h("li", { class: fresh ? "entry-turn fresh" : "entry-turn", "data-channel": turn.channel },
    h("span", { class: "node" }, icon(sign)), button);
}

function chip(event) {
  return h("span", { class: `chip ${notable(event) ? "notable" : wrong(event) ? "wrong" : ""}` }, happened(event));
}

function said(turn) {
  if (turn.said) return h("span", { class: "turn-said" }, "“", masked(turn.said), "”");
  const what = turn.mode === "tap" ? "tapped a button"
    : turn.mode === "keys" ? "pressed keys"
    : turn.mode === "silence" ? "said nothing"
    : turn.sent ? "was written to"
    : !turn.heard.length ? (turn.channel === "alexa" ? "opened the skill" : "opened the chat")
    : "no transcript: Alexa passes on only what it understood";
  return h("span", { class: "turn-said quietly" }, what);
}

/** The text with its masks marked. */
function masked(text) {
  return text.split(/(\[[^\]]{2,40}\]|[•*●]{2,}[ \d•*●]*)/).map((part, index) =>
    index % 2 ? h("mark", { title: "Masked before it was stored, logged or understood" }, part) : part);
}

function understood(turn) {
  const [best] = turn.understood;
  if (!best) return null;
  const [label, confidence] = best;
  const meter = confidence === null ? null
    : h("meter", { min: 0, max: 1, value: confidence, "aria-hidden": "true" });
  return h("span", { class: "turn-meant" }, h("span", { class: "unseen" }, "understood as "), label, meter,
    confidence === null ? null : h("span", { class: "percent" }, `${Math.round(confidence * 100)} %`));
}
