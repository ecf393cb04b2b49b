// The figures strip.

import { byId, h } from "./elements.js";
import { channel } from "./words.js";

const total = (counts) => Object.values(counts).reduce((sum, count) => sum + count, 0);

/** Draw the figures; everybody's, not only the chosen person's. */
export function drawFigures(figures) {
  const by = Object.entries(figures.turns).map(([name, count]) => `${channel(name)[0].toLowerCase()} ${count}`).join(", ");
  const shown = [
    ["Turns", total(figures.turns), by],
    ["Tasks done", total(figures.tasks_done)],
    ["Not understood", figures.not_understood],
    ["To a person", total(figures.handovers)],
    ["A turn takes", figures.ms_median === null ? "–" : `${Math.round(figures.ms_median)} ms`, figures.ms_p99 === null ? "" : `p99 ${Math.round(figures.ms_p99)} ms`],
  ];
  byId("figures").replaceChildren(h("dl", {}, shown.map(([name, value, more]) =>
    h("div", {}, h("dt", {}, name), h("dd", {}, h("strong", {}, String(value)), more ? h("small", {}, more) : null)))));
}
