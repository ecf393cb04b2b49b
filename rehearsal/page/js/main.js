// The page: puts the devices beside the one customer.

import { Gone, get, post } from "./api.js";
import { Call } from "./call.js";
import { Chat } from "./chat.js";
import { Customer } from "./customer.js";
import { byId, h } from "./elements.js";
import { drawFigures } from "./figures.js";
import { Floor } from "./floor.js";
import { Guide } from "./guide.js";
import { Identities } from "./identities.js";
import { Live } from "./live.js";
import { Path } from "./path.js";
import { Phone } from "./phone.js";
import { Raw } from "./raw.js";
import { Speaker } from "./speaker.js";
import { Telephone } from "./telephone.js";
import { Timeline } from "./timeline.js";
import { span, timeOfDay } from "./words.js";
import { Workplace } from "./workplace.js";

const PLACES = ["devices", "telephone", "floor"];
/** What is shown to be tried there. */
const STORY_OF = { devices: "Half speaker, half chat", telephone: "A telephone call" };
const live = new Live();
live.addEventListener("reach", () => {
  byId("gone").hidden = live.reachable;
  document.body.classList.toggle("unreachable", !live.reachable);
});
live.addEventListener("change", () => {
  drawFigures(live.state.figures);
  drawClock(live.state);
});

begin(await about());

async function about() {
  for (;;) {
    try {
      const told = await get("/api/about");
      live.reach(true);
      return told;
    } catch (error) {
      if (!(error instanceof Gone)) throw error;
      live.reach(false);
      await new Promise((again) => setTimeout(again, 1500));
    }
  }
}

function begin({ business, invocation, people }) {
  byId("business").textContent = `${business} bank`;
  const raw = new Raw();
  const look = (turn) => raw.look(turn);
  const chat = new Chat(live);
  const speaker = new Speaker(live, invocation);
  const phone = new Phone(live, (code) => chat.enter(code));
  new Identities(live, people);
  new Customer(live);
  new Timeline(live, look);
  const telephone = new Telephone(live);
  const call = new Call(telephone, live);
  const workplace = new Workplace(telephone, pass);
  new Path(telephone);
  new Floor(telephone);
  const newest = () => live.turns.length ? look(live.turns.at(-1)) : Promise.resolve();
  const name = invocation.replace(/^./, (first) => first.toUpperCase());
  const others = () => ({ me: live.person || people[0], other: people.find((one) => one !== (live.person || people[0])) });
  const guide = new Guide(byId("guide"), { chat, speaker, phone, call, workplace, pass, show: (view) => reveal(view, telephone), look: newest, people: others }, name);
  places(telephone, guide);
  for (const button of document.querySelectorAll("[data-pass]")) {
    button.addEventListener("click", () => pass(Number(button.dataset.pass)));
  }
  for (const button of document.querySelectorAll("[data-show]")) {
    button.addEventListener("click", () => show(button.dataset.show));
  }
  show("chat");
  byId("people").append(...people.map((person, index) =>
    h("label", {},
      h("input", { type: "radio", name: "person", value: person, checked: index === 0, class: "unseen", on: { change: () => { live.choose(person); guide.reset(); } } }),
      h("span", {}, person))));
  live.choose(people[0]);
  live.start();
  telephone.start();
}

/** The parts of the page: the devices, the telephone with its flow and desk, the floor. */
function places(telephone, guide) {
  for (const button of document.querySelectorAll("[data-go]")) {
    button.addEventListener("click", () => {
      go(button.dataset.go, telephone);
      guide.suggest(STORY_OF[button.dataset.go]);
    });
  }
  for (const button of document.querySelectorAll("[data-beside-of]")) {
    button.addEventListener("click", () => beside(button.dataset.besideOf));
  }
  addEventListener("hashchange", () => go(location.hash.slice(1), telephone));
  telephone.addEventListener("change", () => {
    const { centre, ringing, desk } = telephone.state;
    byId("rings").hidden = !ringing;
    byId("desk-rings").hidden = !desk.some(({ state }) => state === "offered");
    byId("alert-count").hidden = !centre.alerts.length;
    byId("alert-count").textContent = String(centre.alerts.length || "");
  });
  beside(innerWidth < 1000 ? "call" : "path");
  go(location.hash.slice(1), telephone);
  guide.suggest(STORY_OF[document.body.dataset.place]);
}

function go(wanted, telephone) {
  const place = PLACES.includes(wanted) ? wanted : PLACES[0];
  document.body.dataset.place = place;
  telephone.watched = place !== PLACES[0];
  for (const each of PLACES) byId(each).hidden = each !== place;
  for (const button of document.querySelectorAll("[data-go]")) {
    if (button.dataset.go === place) button.setAttribute("aria-current", "page");
    else button.removeAttribute("aria-current");
  }
  const hash = place === PLACES[0] ? "" : `#${place}`;
  if (location.hash !== hash) history.replaceState(null, "", `${location.pathname}${hash}`);
  telephone.refresh();
}

/** Where there is little room, one of the phone, the path and the desk. */
function beside(what) {
  document.body.dataset.beside = what;
  for (const button of document.querySelectorAll("[data-beside-of]")) {
    button.setAttribute("aria-pressed", String(button.dataset.besideOf === what));
  }
}

/** What a step of the guide needs is brought to sight. */
function reveal(view, telephone) {
  if (view === "floor") return go(view, telephone);
  if (view === "call" || view === "desk") {
    go("telephone", telephone);
    if (view === "desk" || innerWidth < 1000) beside(view);
    else if (document.body.dataset.beside === "desk") beside("path");
    return undefined;
  }
  go("devices", telephone);
  return show(view);
}

/** Let time pass in the rehearsal. */
async function pass(seconds) {
  try {
    await post("/api/clock", { seconds });
  } catch (error) {
    if (error instanceof Gone) live.reach(false);
    else throw error;
  }
  await live.refresh();
}

/** On a narrow screen, one panel at a time. */
function show(view) {
  document.body.dataset.view = view;
  if (view === "phone" || view === "speaker") document.querySelector(`[data-side-of="${view}"]`).click();
  for (const button of document.querySelectorAll("[data-show]")) {
    button.setAttribute("aria-pressed", String(button.dataset.show === view));
  }
}

function drawClock({ now, ahead }) {
  const day = new Date(now * 1000).toLocaleDateString("en-GB", { weekday: "short" });
  byId("clock").textContent = `${day} ${timeOfDay(now, { withSeconds: false })}`;
  byId("ahead").textContent = ahead >= 1 ? `${span(ahead)} ahead` : "";
}
