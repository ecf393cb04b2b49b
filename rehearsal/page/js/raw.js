// The raw events behind one turn: what each service sent and got, as JSON that folds.

import { get } from "./api.js";
import { byId, h, icon } from "./elements.js";
import { channel, timeOfDay } from "./words.js";

const DEEP = 2;
const TELLING = ["message", "intent", "slots", "outputSpeech", "directives", "sessionState", "dialogAction", "interpretations"];
const WHAT = {
  "web chat": "The browser’s message as it came, and what the page was told to show.",
  "Alexa → alexa_turn": "Amazon’s request to the skill’s function, and the response it must keep to.",
  "Lex RecognizeText": "The function asks Lex what was meant, telling it what is being asked. Lex only listens: the function decides.",
  "Lex → lex_turn": "Lex calls the function as its code hook on every turn; the function decides what is asked next.",
};

/** Shows raw events in the page's dialog. */
export class Raw {
  #dialog = byId("raw");

  constructor() {
    this.#dialog.addEventListener("click", (event) => {
      if (event.target === this.#dialog) this.#dialog.close();
    });
  }

  /** Open it for a turn of the timeline. */
  async look(turn) {
    const body = h("div", { class: "raw-body" }, h("p", { class: "empty" }, "Fetching…"));
    const close = h("button", { type: "button", class: "quiet icon-only", "aria-label": "Close", on: { click: () => this.#dialog.close() } }, icon("close"));
    const fold = (open) => () => body.querySelectorAll("details.json").forEach((each) => { each.open = open; });
    this.#dialog.replaceChildren(
      h("header", { class: "raw-head" },
        h("div", {},
          h("h2", { id: "raw-title" }, "Behind this turn"),
          h("p", {}, `${channel(turn.channel)[0]} at ${timeOfDay(turn.at)}`)),
        h("button", { type: "button", class: "quiet small", on: { click: fold(true) } }, "Unfold all"),
        h("button", { type: "button", class: "quiet small", on: { click: fold(false) } }, "Fold all"),
        close),
      body);
    if (!this.#dialog.open) this.#dialog.showModal();
    try {
      const { turn: kept, events } = await get("/api/turn", { id: turn.id });
      body.replaceChildren(...events.map(exchange), ...(events.length ? [] : [forgotten()]), stored(kept));
    } catch (error) {
      body.replaceChildren(h("p", { class: "trouble" }, error.message));
    }
  }
}

function exchange(event) {
  return h("section", { class: "exchange" },
    h("h3", {}, event.source, h("span", { class: "ms" }, `${event.ms} ms`)),
    h("p", { class: "what" }, WHAT[event.source] ?? (event.source.startsWith("Connect") ? "Connect’s contact flow hands what was heard to Lex." : "")),
    side("Sent", event.request),
    side("Answered", event.answer));
}

function stored(turn) {
  return h("section", { class: "exchange" },
    h("h3", {}, "What is kept"),
    h("p", { class: "what" }, "The turn as the table’s stream tells it: masked words, readings and prompts. Secrets that were sent above are not in it."),
    side("Stored", turn));
}

function forgotten() {
  return h("p", { class: "empty" }, "Raw events live in memory only, as long as the rehearsal runs. Those of this turn are gone.");
}

function side(title, value) {
  const copy = h("button", { type: "button", class: "quiet small" }, "Copy");
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(JSON.stringify(value, null, 2));
    copy.textContent = "Copied";
  });
  return h("div", { class: "side" }, h("div", { class: "side-head" }, h("h4", {}, title), copy), h("div", { class: "tree" }, tree(value)));
}

/** JSON as a tree of text; objects and lists fold. */
export function tree(value, key = null, depth = 0) {
  const name = key === null ? null : [h("span", { class: "j-key" }, JSON.stringify(key)), ": "];
  if (value === null || typeof value !== "object") {
    const kind = value === null ? "null" : typeof value;
    return h("div", { class: "j-line" }, name, h("span", { class: `j-${kind}` }, JSON.stringify(value)));
  }
  const list = Array.isArray(value);
  const entries = Object.entries(value);
  const [open, close] = list ? ["[", "]"] : ["{", "}"];
  if (!entries.length) return h("div", { class: "j-line" }, name, open + close);
  return h("details", { class: "json", open: depth < DEEP || TELLING.includes(key) },
    h("summary", {}, name, open, h("span", { class: "j-more" }, ` ${entries.length} … ${close}`)),
    h("div", { class: "j-inside" }, entries.map(([each, inner]) => tree(inner, list ? null : each, depth + 1))),
    h("div", { class: "j-line j-close" }, close));
}
