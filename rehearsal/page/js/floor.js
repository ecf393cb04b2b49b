// The supervisor's view: every contact with how it sounds, the queues, the agents, alerts, and how contacts ended.

import { byId, h, icon } from "./elements.js";
import { readable, span, timeOfDay } from "./words.js";

const SVG = "http://www.w3.org/2000/svg";
const HEIGHTS = { POSITIVE: 4, MIXED: 12, NEUTRAL: 12, NEGATIVE: 20 };
const PHASES = { new: "begins", flow: "with the bot", queued: "in line", joining: "being put through", talking: "talking", held: "on hold", over: "over, being noted" };
const MOST = 16;

export class Floor {
  #telephone;
  #keys = new Map();

  constructor(telephone) {
    this.#telephone = telephone;
    telephone.addEventListener("change", () => this.#draw());
  }

  #draw() {
    const { state, about } = this.#telephone;
    if (!state) return;
    const { now, centre } = state;
    const label = (code) => about.codes.find(({ value }) => value === code)?.label ?? code;
    this.#put("floor-alerts", centre.alerts.length
      ? [...centre.alerts].reverse().map((alert) => h("li", {}, icon("alert"), h("div", {}, h("strong", {}, "Sentiment is falling"),
        h("small", {}, `${readable(alert.customer || "number hidden")} · ${timeOfDay(alert.at)} · ${alert.agent ? `with ${alert.agent}` : "no agent has it"}`)), trend(alert.turns)))
      : [h("li", { class: "empty" }, "No alert. Two negative turns in a row make one.")]);
    this.#put("floor-contacts", centre.contacts.length
      ? centre.contacts.map((one) => h("tr", {},
        h("td", {}, icon(one.channel === "CHAT" ? "web" : one.channel === "TASK" ? "check" : "phone"), h("span", {}, one.channel === "TASK" ? "Task" : readable(one.customer) || "Number hidden")),
        h("td", {}, PHASES[one.phase] ?? one.phase, one.position ? ` (${one.position})` : ""),
        h("td", {}, [one.queue, one.agent].filter(Boolean).join(", ") || "–"),
        h("td", { class: "count" }, span(Math.max(0, now - one.began))),
        h("td", {}, one.sentiments.length ? [trend(one.sentiments), h("span", { class: `mood ${one.sentiments.at(-1).toLowerCase()}` }, one.sentiments.at(-1).toLowerCase())] : h("span", { class: "soft" }, "nothing said yet"))))
      : [h("tr", {}, h("td", { colspan: 5, class: "empty" }, "Nobody is on the line."))]);
    this.#put("floor-queues", centre.queues.map((queue) => h("tr", {}, h("td", {}, h("strong", {}, queue.name)), h("td", { class: "count" }, queue.waiting), h("td", { class: "count" }, queue.waiting ? span(Math.max(0, queue.oldest)) : "–"), h("td", { class: "count" }, queue.available), h("td", { class: "count" }, queue.online))));
    this.#put("floor-agents", centre.agents.map((agent) => {
      const has = Object.values(agent.contacts);
      return h("li", {}, h("span", { class: `dot ${agent.status === "offline" ? "" : has.length ? "busy" : agent.status}` }), h("strong", {}, agent.username), h("span", { class: "soft" }, agent.team),
        h("span", { class: "agent-state" }, has.length ? has.map((one) => one.toLowerCase()).join(", ") : agent.status));
    }));
    this.#put("floor-ended", [
      ...centre.callbacks.map(({ number, queue }) => h("li", {}, icon("again"), h("div", {}, h("strong", {}, `To be called back: ${readable(number)}`), h("small", {}, queue)))),
      ...[...centre.dispositions].reverse().map((one) => h("li", {}, icon("check"), h("div", {}, h("strong", {}, one.code ? label(one.code) : "No outcome given"), one.note ? h("p", {}, one.note) : null, h("small", {}, `${one.agent} · ${timeOfDay(one.at)}`)))),
      ...(centre.callbacks.length + centre.dispositions.length ? [] : [h("li", { class: "empty" }, "Nothing was put down yet.")])]);
  }

  /** Redrawn only where it changed, so that what is read out or selected stays. */
  #put(id, elements) {
    const key = elements.map((one) => one.outerHTML).join("");
    if (this.#keys.get(id) === key) return;
    this.#keys.set(id, key);
    byId(id).replaceChildren(...elements);
  }
}

/** How the customer’s turns sounded, as a line. */
function trend(moods) {
  const last = moods.slice(-MOST);
  const svg = document.createElementNS(SVG, "svg");
  const line = document.createElementNS(SVG, "polyline");
  const step = last.length > 1 ? 68 / (last.length - 1) : 0;
  const points = last.map((mood, at) => [2 + at * step, HEIGHTS[mood] ?? 12]);
  svg.setAttribute("class", "trend");
  svg.setAttribute("viewBox", "0 0 74 24");
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", `Sentiment, oldest first: ${last.map((mood) => mood.toLowerCase()).join(", ")}`);
  line.setAttribute("points", points.map((point) => point.join(",")).join(" "));
  const end = document.createElementNS(SVG, "circle");
  const [x, y] = points.at(-1);
  for (const [name, value] of Object.entries({ cx: x, cy: y, r: 3.2, class: last.at(-1) === "NEGATIVE" ? "bad" : "" })) end.setAttribute(name, value);
  svg.append(line, end);
  return svg;
}
