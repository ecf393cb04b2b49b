// The page: puts the devices beside the one customer.

import { Gone, get, post } from "./api.js";
import { Chat } from "./chat.js";
import { Customer } from "./customer.js";
import { byId, h } from "./elements.js";
import { drawFigures } from "./figures.js";
import { Guide } from "./guide.js";
import { Identities } from "./identities.js";
import { Live } from "./live.js";
import { Phone } from "./phone.js";
import { Raw } from "./raw.js";
import { Speaker } from "./speaker.js";
import { Timeline } from "./timeline.js";
import { span, timeOfDay } from "./words.js";

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
  const newest = () => live.turns.length ? look(live.turns.at(-1)) : Promise.resolve();
  const name = invocation.replace(/^./, (first) => first.toUpperCase());
  const others = () => ({ me: live.person || people[0], other: people.find((one) => one !== (live.person || people[0])) });
  const guide = new Guide(byId("guide"), { chat, speaker, phone, pass, show, look: newest, people: others }, name);
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
