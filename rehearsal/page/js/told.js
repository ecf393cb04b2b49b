// What the desk answered, in words and short lists; the JSON itself folds away beneath.

import { h } from "./elements.js";
import { tree } from "./raw.js";
import { inOrder, kindOf } from "./kinds.js";
import { ASSURANCE, channel } from "./words.js";

const REFUSED = {
  400: "Something is missing",
  403: "Not for this team",
  404: "Nothing is kept",
  409: "Not now",
  503: "The desk doesn’t answer",
};

/** Elements for an answer about that customer; `ask(request)` asks for something further. */
export function told(request, { status, told: answer }, customer, ask) {
  const shown = status === 200 ? (SHOWN[request.act] ?? words)(answer, customer, ask) : refused(status, answer, request);
  return [shown, h("details", { class: "as-json" }, h("summary", {}, `${status}, as JSON`), h("div", { class: "tree" }, tree(answer)))];
}

function refused(status, { error }, { act }) {
  const after = status === 403 ? " The refusal stands in the trail, too." : "";
  return h("p", { class: "refusal" }, h("strong", {}, `${REFUSED[status] ?? "Refused"}. `), `${sentence(error ?? `${act} was refused`)}${after}`);
}

const SHOWN = {
  links: ({ links, conflicts, hold }, customer, ask) => h("div", {},
    list(inOrder(links), (link) => [kindOf(link.kind)[0], [link.address, link.assurance, link.evidence || "first contact", day(link.when), ...(link.came ?? []).filter((one) => one.act).map((one) => `by merge ${one.act}`), link.shared && "shared", link.closed && "closed"]]),
    conflicts.length ? h("h4", {}, "Conflicts") : null,
    list(conflicts, (one) => [`with ${name(one.with, customer)}`, [one.when && day(one.when)], close(one.id, ask)], ""),
    hold ? h("p", {}, "A legal hold is in force.") : null),
  timeline: ({ turns, of }) => h("div", {}, list(turns, (turn) => [said(turn), [channel(turn.channel)[0], moment(turn.when), turn.assurance], h("small", {}, turn.answered)], "Nothing that this team may see at what the customer proved."), count(turns, of)),
  look: (seen) => h("dl", { class: "seen" }, Object.entries(seen).filter(([key, value]) => key !== "customer" && typeof value !== "object").map(([key, value]) =>
    h("div", {}, h("dt", {}, key.replaceAll("_", " ")), h("dd", { title: ASSURANCE[value] }, value === true ? "yes" : value === false ? "no" : String(value))))),
  transcripts: ({ conversations }) => h("div", {}, h("p", {}, "Drawn by chance, under names made up for this one answer:"),
    list(conversations, (one) => [`Somebody in ${one.month}`, [channel(one.turns[0]?.channel)[0]], ...one.turns.map((turn) => h("small", {}, `${said(turn)} → ${turn.answered.join(", ")}`))])),
  conflicts: ({ conflicts }, customer, ask) => list(conflicts, (one) => [one.between.map((id) => name(id, customer)).join(" and "), [moment(one.when)], close(one.id, ask)], "No two known customers are in conflict."),
  audit: ({ entries }, customer) => list(acts(entries), (one) => [`${one.act}${one.customer ? `, ${name(one.customer, customer)}` : ""}`, [moment(one.when), one.person, one.why && `“${one.why}”`], h("span", { class: /^(refused|failed)/.test(one.outcome) ? "chip wrong" : "chip" }, one.outcome)], "Nobody asked for anything today."),
  merge: ({ undo }, _, ask) => h("p", {}, "Both are one from now on, by one act. ", h("button", { type: "button", class: "quiet small", on: { click: () => ask({ act: "split", undo }) } }, "Split them again")),
  split: () => h("p", {}, "The merge is undone: all that came by it went back."),
  resolve: () => h("p", {}, "The conflict is closed."),
  unlink: () => h("p", {}, "The link left."),
  export: ({ link }, _, ask) => link
    ? h("p", {}, "The copy is ready for a short time: ", h("a", { href: link, target: "_blank", rel: "noopener noreferrer" }, "open it"), ".")
    : h("p", {}, "A copy is being made. ", h("button", { type: "button", class: "quiet small", on: { click: () => ask({ act: "export" }) } }, "Ask again")),
  erase: ({ erasure, means }) => h("p", {}, erasure === "held" ? `A legal hold is in force: ${means}.` : "Forgotten from now on; what is kept goes within minutes."),
};

/** Who was asked for what, newest first: the two entries of each act as one line. */
function acts(entries) {
  const byId = new Map();
  for (const entry of entries) byId.set(entry.id, { ...byId.get(entry.id), ...entry });
  return [...byId.values()].reverse();
}

function list(rows, cells, otherwise = "Nothing.") {
  if (!rows.length) return otherwise ? h("p", {}, otherwise) : null;
  return h("ul", { class: "rows" }, rows.map((row) => {
    const [title, details, ...more] = cells(row);
    return h("li", {}, h("strong", {}, title), h("small", {}, details.filter(Boolean).join(" · ")), ...more);
  }));
}

function close(conflict, ask) {
  return h("button", { type: "button", class: "quiet small", on: { click: () => ask({ act: "resolve", conflict }) } }, "Close it");
}

function words(answer) {
  return h("p", {}, sentence(Object.entries(answer).map(([key, value]) => `${key}: ${value}`).join(", ")));
}

const said = (turn) => (turn.said ? `“${turn.said}”` : turn.understood || "(nothing said)");
const name = (id, customer) => (id === customer.customer ? "this customer" : `${id.slice(0, 6)}…`);
const day = (when) => when.slice(0, 10);
const moment = (when) => when.slice(11, 19);
const count = (turns, of) => (of > turns.length ? h("p", { class: "note" }, `The last ${turns.length} of ${of}.`) : null);
const sentence = (text) => `${text.replace(/^./, (first) => first.toUpperCase()).replace(/[.]$/, "")}.`;
