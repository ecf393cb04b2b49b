// The figures: the dashboard's, by the same definitions, from the same log lines. Everybody's, not only the chosen person's.

import { byId, h } from "./elements.js";
import { channel } from "./words.js";

const MOODS = ["POSITIVE", "NEUTRAL", "MIXED", "NEGATIVE"];
/** Left out where there is little room. */
const MINOR = new Set(["Silence", "Failures", "Errors", "Throttles", "Cold starts"]);
let drawn = "";

/** Draw the figures, if they are other ones. */
export function drawFigures(figures) {
  const told = JSON.stringify(figures);
  if (told === drawn) return;
  drawn = told;
  byId("figures").replaceChildren(h("dl", {}, cells(figures).map(([name, value, more, about]) =>
    h("div", { title: about, class: MINOR.has(name) ? "minor" : false }, h("dt", {}, name), h("dd", {}, h("strong", {}, String(value)), more ? h("small", {}, more) : null)))));
}

function cells({ turns, tasks_done, contained, customers, handovers, not_understood, silence, sentiment, ms, failures, errors, throttles, cold_starts, usd }) {
  const moods = MOODS.filter((mood) => sentiment[mood]).map((mood) => `${sentiment[mood]} ${mood.toLowerCase()}`);
  return [
    ["Turns", total(turns), listed(turns, (name) => channel(name)[0].toLowerCase()), "One turn is one utterance with its reply."],
    ["Tasks done", tasks_done, "", "Turns that finished what the customer came for."],
    ["Contained", percent(contained), customers ? `of ${customers} ${customers === 1 ? "customer" : "customers"}` : "",
      "Customers who needed no person, counted by day: one who changes the channel is one."],
    ["To a person", total(handovers), listed(handovers, (reason) => reason), "Hand-overs, by reason."],
    ["Not understood", percent(not_understood), "", "Of all turns."],
    ["Silence", percent(silence), "", "Of all turns."],
    ["Sentiment", moods.length ? moods.join(", ") : "–", "", "As Lex judges it; Alexa doesn’t."],
    ["A turn takes", ms.p50 === null ? "–" : `${Math.round(ms.p50)} ms`,
      ms.p50 === null ? "" : `median, p90 ${Math.round(ms.p90)}, p99 ${Math.round(ms.p99)}`, "In the function, on this machine."],
    ["Failures", failures, "", "Turns with a failure behind a polite reply."],
    ["Errors", errors, "", "Functions that raised or ran out of time."],
    ["Throttles", throttles ?? "–", "", "Here a busy function makes its callers wait; Lambda refuses them."],
    ["Cold starts", cold_starts, "", "Functions that had to start first."],
    ["Would cost", usd < 0.0005 && usd > 0 ? "< $0.001" : `$${usd.toFixed(3)}`, "estimate", "In AWS: turns times the price of a typed one, us-east-1."],
  ];
}

const total = (counts) => Object.values(counts).reduce((sum, count) => sum + count, 0);
const percent = (share) => (share === null ? "–" : `${Math.round(share)} %`);
const listed = (counts, name) => {
  const every = Object.entries(counts);
  return every.map(([key, count]) => (every.length > 1 ? `${name(key)} ${count}` : name(key))).join(", ");
};
