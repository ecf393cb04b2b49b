// What a contact's events mean: lines of a transcript, steps of its path. Pure: events in, plain values out.

const CARD_TITLE = "title";

/** Plain words of a text, of SSML, or of a response card. */
export function wordsOf(content, kind) {
  if (kind === "card") return cardWords(content);
  if (kind === "prompt" || kind === "media") return "";
  if (kind !== "ssml" && !/^\s*<speak/.test(content)) return content;
  const spoken = new DOMParser().parseFromString(content.replace(/<(break|p|s)\b[^>]*>/g, " $&"), "application/xml");
  const whole = spoken.querySelector("parsererror") ? content.replace(/<[^>]*>/g, " ") : spoken.documentElement.textContent;
  return whole.replace(/\s+/g, " ").trim();
}

function cardWords(content) {
  try {
    const card = JSON.parse(content);
    const buttons = (card.buttons ?? []).map(({ text }) => text);
    return [card[CARD_TITLE], buttons.length ? `[${buttons.join("] [")}]` : ""].filter(Boolean).join(" ");
  } catch {
    return content;
  }
}

/** The buttons of a response card. */
export function buttonsOf(content) {
  try {
    return JSON.parse(content).buttons ?? [];
  } catch {
    return [];
  }
}

/**
 * Lines that may be shown to one side. `{by, words, note, n}`: `by` is bot, customer, agent or note; whispers only to
 * whom they are whispered.
 */
export function transcript(events, side, name) {
  const lines = [];
  // Who calls or writes from this page is shown as they do it; of others only what was heard is known.
  const here = events.some(({ is }) => is === "Did");
  events.forEach((event, n) => {
    const line = lineOf(event, side, name, here);
    if (!line) return;
    const before = lines.at(-1);
    if (before && line.by === "note" && before.by === "note" && before.words === line.words) return;
    lines.push({ ...line, n });
  });
  return lines;
}

function lineOf(event, side, name, here) {
  switch (event.is) {
    case "Spoke":
      if (event.to !== "customer") return null;
      return said("bot", wordsOf(event.content, event.kind), event);
    case "Whispered":
      if (event.to !== side) return null;
      return said("whisper", wordsOf(event.content, event.kind), event);
    case "Did":
      return said("customer", event.words, event);
    case "Heard":
      return event.by === "agent" || !here ? said(event.by, event.words, event) : null;
    case "Unheard":
      return note(`Nobody was listening: what was ${event.what === "keys" ? "keyed" : "said"} is lost, as on a real call.`);
    case "Queued":
      return note(`In line${name(event.queue) ? ` (${name(event.queue)})` : ""}: number ${event.position}`);
    case "Connected":
      return note(`${event.agent ? name(event.agent) : "A person"} is on the line`);
    case "Held":
      return note(event.on ? "On hold" : "Back from hold");
    case "RecordingChanged":
      return note(isRecorded(event) ? "Recording is on" : "Recording is off");
    case "CallbackAsked":
      return note("A call back is promised");
    case "Transferred":
      return event.kind === "flow" || event.kind === "module" ? null : note(`Passed on to ${name(event.to)}`);
    case "Ended":
      return note(ENDED[event.why] ?? `The call is over: ${event.why}`);
    default:
      return null;
  }
}

const said = (by, words, event) => (words ? { by, words, event } : null);
const note = (words) => ({ by: "note", words });
const ENDED = {
  customer: "The customer hung up",
  agent: "The agent ended it",
  flow: "The call is over",
  flow_over: "The call is over",
  dead_end: "The flow came to a dead end",
  third_party: "The other number hung up",
  unanswered: "Nobody answered",
};

/** Whether that change of what is recorded switches it on for anybody. */
export const isRecorded = ({ participants, automated }) => automated || participants.length > 0;

/** What the contact waits for; null for nothing. */
export function waitsFor(events) {
  const last = events.findLast(({ is }) => is === "AskedFor" || is === "Left" || is === "Ended" || is === "Queued");
  return last?.is === "AskedFor" ? last : null;
}

/** Steps: `{flow, action, type, branch, to, calls, said, open, n}`, one for each block that was entered, in order. */
export function path(events) {
  const steps = [];
  events.forEach((event, n) => {
    const open = steps.findLast((step) => step.open);
    switch (event.is) {
      case "Entered":
        // A flow that is interrupted, as by an agent who accepts, doesn't leave its block. Guides run beside it.
        stop(steps);
        steps.push({ flow: event.flow, action: event.action, type: event.type, at: event.at, open: true, branch: "", to: "", calls: [], did: [], n });
        break;
      case "Left": {
        const left = steps.findLast((step) => step.open && step.flow === event.flow && step.action === event.action);
        if (left) Object.assign(left, { open: false, branch: event.branch, to: event.to });
        break;
      }
      case "Invoked":
        open?.calls.push(event);
        break;
      case "Understood":
      case "Did":
        open?.did.push(event);
        break;
      case "Connected":
        stop(steps);
        break;
      case "Ended":
        for (const step of steps) step.open = false;
        break;
    }
  });
  return steps;
}

function stop(steps) {
  for (const step of steps) if (step.type !== "ShowView") step.open = false;
}
