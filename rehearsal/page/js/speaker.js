// The smart speaker: what is said to it and by it, its light, and the cards of its app.

import { Gone, post } from "./api.js";
import { byId, h, keepAtEnd } from "./elements.js";

const STATES = { closed: "Asleep", open: "Listening", busy: "Thinking" };

export class Speaker {
  #live;
  #panel = byId("speaker");
  #log = byId("speaker-log");
  #field = byId("speaker-text");
  #aloud = byId("aloud");
  #invocation = "";
  #open = false;
  #waiting = 0;
  #talking = Promise.resolve();

  constructor(live, invocation) {
    this.#live = live;
    keepAtEnd(this.#log);
    this.#invocation = invocation.replace(/^./, (first) => first.toUpperCase());
    byId("invocation").textContent = this.#invocation;
    byId("speaker-open").addEventListener("click", () => this.open());
    byId("speaker-silence").addEventListener("click", () => this.#do("(silence)", { silence: true }));
    byId("speaker-exit").addEventListener("click", () => this.#do("(walks away)", { exit: true }));
    byId("speaker-form").addEventListener("submit", (event) => {
      event.preventDefault();
      const text = this.#field.value.trim();
      if (text) this.say(text);
      this.#field.value = "";
    });
    byId("aloud-switch").hidden = !("speechSynthesis" in window);
    this.#aloud.addEventListener("change", () => this.#aloud.checked || window.speechSynthesis.cancel());
    live.addEventListener("person", () => this.#clear());
    live.addEventListener("change", () => this.#show(live.state.speaker_open));
    this.#clear();
  }

  /** The skill is called by its name. */
  open() {
    return this.say(`Alexa, open ${this.#invocation}`);
  }

  /** Something is said to the speaker. */
  say(text) {
    return this.#do(text, { say: text });
  }

  #do(said, what) {
    const person = this.#live.person;
    this.#log.querySelector(".nothing")?.remove();
    this.#log.append(h("p", { class: "said" }, h("span", { class: "unseen" }, "You: "), said));
    this.#talking = this.#talking.then(() => this.#deliver(person, what));
    return this.#talking;
  }

  async #deliver(person, what) {
    if (person !== this.#live.person) return;
    this.#waiting += 1;
    this.#show(this.#open);
    try {
      const spoken = await post("/api/speaker", { person, ...what });
      if (person === this.#live.person) this.#spoke(spoken, what);
    } catch (error) {
      if (error instanceof Gone) this.#live.reach(false);
      this.#log.append(h("div", { class: "trouble" }, h("p", {}, error.message)));
    } finally {
      this.#waiting -= 1;
      this.#show(this.#open);
    }
    await this.#live.refresh();
  }

  #spoke(spoken, what) {
    for (const old of this.#log.querySelectorAll(".latest")) old.classList.remove("latest");
    if (spoken.speech) {
      this.#log.append(h("p", { class: "spoken latest" }, h("span", { class: "unseen" }, "Alexa: "), spoken.speech));
      if (this.#aloud.checked) this.#read(spoken.speech);
    } else if (spoken.not_for_us) {
      const how = `Only the speaker itself heard that. Wake the skill first: “Alexa, open ${this.#invocation}”.`;
      this.#log.append(h("p", { class: "note" }, how));
    } else {
      this.#log.append(h("p", { class: "note" }, what.exit || what.silence ? "The session is over. The task is kept." : "Nothing is said."));
    }
    if (spoken.open && spoken.reprompt && spoken.reprompt !== spoken.speech && !what.silence) {
      this.#log.append(h("p", { class: "reprompt latest" }, "After a silence: ", h("q", {}, spoken.reprompt)));
    }
    if (spoken.card) this.#card(spoken.card);
    if (!spoken.open && spoken.speech) this.#log.append(h("p", { class: "note" }, "The skill closed."));
    this.#open = spoken.open;
  }

  #card(card) {
    const text = card.type === "LinkAccount" ? "Link your account in the Alexa app." : (card.content ?? card.text ?? "");
    this.#log.append(
      h("aside", { class: "card latest", "aria-label": "Card in the Alexa app" },
        h("span", { class: "card-app" }, "Card in the Alexa app"),
        h("strong", {}, card.title ?? "Meridian"),
        h("p", {}, text)),
    );
  }

  #read(text) {
    window.speechSynthesis.cancel();
    const utterance = new SpeechSynthesisUtterance(text);
    utterance.lang = "en-US";
    window.speechSynthesis.speak(utterance);
  }

  #clear() {
    this.#open = false;
    const hint = h("p", { class: "nothing" }, "The field below is its microphone: what you type is what you say.");
    this.#log.replaceChildren(hint);
    this.#show(false);
  }

  #show(open) {
    if (!this.#waiting) this.#open = open;
    const state = this.#waiting ? "busy" : this.#open ? "open" : "closed";
    this.#panel.dataset.state = state;
    const told = byId("speaker-state");
    if (told.textContent !== STATES[state]) told.textContent = STATES[state];
    byId("speaker-open").hidden = this.#open;
    byId("speaker-silence").hidden = byId("speaker-exit").hidden = !this.#open;
    this.#field.placeholder = this.#open ? "Say something" : `Alexa, ask ${this.#invocation} …`;
  }
}
