// How the page names things.

/** A channel's name and icon. */
export function channel(name) {
  return (
    { web: ["Web chat", "web"], sms: ["Text message", "text"], alexa: ["Smart speaker", "alexa"], lex: ["Phone and Lex", "phone"], connect: ["Phone keys", "phone"], agent: ["An agent", "person"] }[name] ?? [name, "web"]
  );
}

/** The channel of a session such as "web:5f…". */
export function channelOf(session) {
  const [name] = session.split(":");
  return channel({ live: "lex", guest: "lex" }[name] ?? name);
}

/** "+1 212 555 0161" of "+12125550161"; a mailbox as it is. */
export const readable = (address) => address.replace(/^\+1(\d{3})(\d{3})(\d{4})$/, "+1 $1 $2 $3");

/** "14:20:05". */
export function timeOfDay(seconds, { withSeconds = true } = {}) {
  return new Date(seconds * 1000).toLocaleTimeString("en-GB", {
    hour: "2-digit",
    minute: "2-digit",
    second: withSeconds ? "2-digit" : undefined,
  });
}

/** "2 days", "20 minutes", "45 seconds". */
export function span(seconds) {
  const [size, unit] = [[86400, "day"], [3600, "hour"], [60, "minute"], [1, "second"]].find(([size]) => seconds >= size) ?? [1, "second"];
  const count = Math.round(seconds / size);
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}

const HAPPENED = {
  opened: "task opened",
  digression: "set the task aside",
  resumed: "picked up again",
  declined: "not taken up again",
  done: "done",
  answered: "answered",
  refused: "refused by the bank",
  not_done: "not done",
  failed: "back end failed",
  outcome_unknown: "outcome not known yet",
  still_working: "still working",
  corrected: "corrected",
  cancelled: "cancelled",
  started_over: "started over",
  disambiguated: "asked which was meant",
  not_understood: "not understood",
  silence: "silence",
  stale_answer: "stale answer, not applied",
  assurance_needed: "more proof needed",
  handover: "handed to a person",
  handed_back: "handed back",
  relayed: "passed to the person",
  help: "helped",
  task_lost: "task no longer exists",
};

/** What an event of the engine means. */
export const happened = (name) => HAPPENED[name] ?? name.replaceAll("_", " ");

/** Events that deserve the eye. */
export const notable = (name) => ["done", "resumed", "handover", "digression"].includes(name);

/** Events that went wrong. */
export const wrong = (name) =>
  ["not_understood", "failed", "refused", "not_done", "outcome_unknown", "stale_answer", "assurance_needed"].includes(name);

/** How sure the bank is of who speaks. */
export const ASSURANCE = {
  anonymous: "Nobody known",
  claimed: "Says who they are, without proof",
  linked: "By a way that was proved to be theirs",
  verified: "Proved within the last minutes, in this session",
};
