// The person's telephone and mailbox: texts both ways, and the codes that arrive.

import { Gone, post } from "./api.js";
import { byId, h, icon, keepAtEnd, linked } from "./elements.js";
import { ASSURANCE, readable, timeOfDay } from "./words.js";

export class Phone {
  #live;
  #enter;
  #log = byId("phone-log");
  #field = byId("phone-text");
  #seen = new Set();
  #unread = 0;
  #talking = Promise.resolve();

  /** `enter(code)` gives a code to whoever asked for it; resolves to false if nobody did. */
  constructor(live, enter) {
    this.#live = live;
    this.#enter = enter;
    keepAtEnd(this.#log);
    byId("phone-form").addEventListener("submit", (event) => {
      event.preventDefault();
      const text = this.#field.value.trim();
      if (text) this.say(text);
      this.#field.value = "";
    });
    byId("no-texts").addEventListener("change", (event) => post("/api/post", { way: "text", failing: event.target.checked }));
    for (const button of document.querySelectorAll("[data-side-of]")) {
      button.addEventListener("click", () => this.show(button.dataset.sideOf));
    }
    this.show("speaker");
    live.addEventListener("person", () => this.#clear());
    live.addEventListener("change", () => this.#arrived(live.state));
    this.#clear();
  }

  /** Which of the two stands beside the chat. */
  show(side) {
    document.body.dataset.side = side;
    for (const button of document.querySelectorAll("[data-side-of]")) {
      button.setAttribute("aria-pressed", String(button.dataset.sideOf === side));
    }
    this.#count();
  }

  /** A text goes to the bank. */
  say(text) {
    const person = this.#live.person;
    this.#put(h("p", { class: "bubble mine" }, h("span", { class: "unseen" }, "You: "), text));
    this.#talking = this.#talking.then(() => this.#deliver(person, text));
    return this.#talking;
  }

  /** The newest code that came is texted back. */
  enterNewest() {
    const code = this.#live.state?.post.findLast((message) => message.code)?.code;
    return code ? this.say(code) : this.#talking;
  }

  async #deliver(person, text) {
    if (person !== this.#live.person) return;
    try {
      const answer = await post("/api/text", { person, text });
      if (person !== this.#live.person) return;
      for (const line of answer.texts) this.#put(h("p", { class: "bubble theirs" }, h("span", { class: "unseen" }, "Bank: "), line));
      if (answer.relayed) this.#put(h("p", { class: "note" }, "Passed on to the person. The bot is silent."));
      level(byId("phone-level"), answer.assurance);
    } catch (error) {
      if (error instanceof Gone) this.#live.reach(false);
      this.#put(h("div", { class: "trouble" }, h("p", {}, error.message)));
    }
    await this.#live.refresh();
  }

  #arrived({ post: messages, failing, reached_at: at }) {
    this.#reach(at);
    byId("no-texts").checked = failing.includes("text");
    for (const message of messages.filter(({ id }) => !this.#seen.has(id))) {
      this.#seen.add(message.id);
      this.#put(this.#message(message));
      this.#unread += 1;
    }
    this.#count();
  }

  #message({ way, subject, text, code, at }) {
    const mail = way === "email";
    const enter = code ? h("button", { type: "button", class: "choice", on: { click: async () => (await this.#enter(code)) || this.say(code) } }, `Enter ${code}`) : null;
    return h("article", { class: "message" },
      h("header", {}, icon(mail ? "mail" : "text"), mail ? `Mail: ${subject}` : "Text message", h("time", {}, timeOfDay(at, { withSeconds: false }))),
      h("p", {}, linked(text)), enter);
  }

  #put(element) {
    this.#log.querySelector(".nothing")?.remove();
    this.#log.append(element);
  }

  /** Whoever plays somebody can’t know their number by heart. */
  #reach({ phone, email }) {
    if (byId("reached").dataset.of === phone) return;
    byId("reached").dataset.of = phone;
    byId("reached").replaceChildren(h("span", {}, readable(phone)), " · ", h("span", {}, email));
  }

  #count() {
    if (document.body.dataset.side === "phone") this.#unread = 0;
    for (const badge of document.querySelectorAll("[data-unread]")) {
      badge.hidden = !this.#unread;
      badge.textContent = String(this.#unread || "");
    }
  }

  #clear() {
    this.#seen.clear();
    this.#unread = 0;
    level(byId("phone-level"), "");
    this.#log.replaceChildren(h("p", { class: "nothing" }, "Codes arrive here. A text to the bank is a claim at most: anybody can forge a number, so each deed by text takes a code."));
  }
}

/** How sure the bank is of who speaks on a device, beside its name. */
export function level(chip, assurance) {
  chip.hidden = !assurance;
  chip.textContent = assurance;
  chip.className = `level ${assurance}`;
  chip.title = ASSURANCE[assurance] ?? "";
}
