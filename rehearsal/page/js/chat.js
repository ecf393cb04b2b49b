// The web chat: bubbles, buttons that carry what they mean, and the id of the question they answer.

import { Gone, post } from "./api.js";
import { byId, h, icon, keepAtEnd } from "./elements.js";
import { level } from "./phone.js";

export class Chat {
  #live;
  #log = byId("chat-log");
  #form = byId("chat-form");
  #field = byId("chat-text");
  #session = "";
  #question = "";
  #unknown = 0;
  #talking = Promise.resolve();

  constructor(live) {
    this.#live = live;
    keepAtEnd(this.#log);
    for (const id of ["chat-open", "chat-again"]) {
      byId(id).addEventListener("click", () => {
        this.open();
        this.#field.focus({ preventScroll: true });
      });
    }
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      const text = this.#field.value.trim();
      if (text) this.say(text);
      this.#field.value = "";
    });
    byId("signed-in").addEventListener("change", (event) => this.#sign(!event.target.checked));
    byId("unknown").addEventListener("change", (event) => {
      live.browser = event.target.checked ? (this.#unknown += 1) : 0;
      byId("signed-in").checked = false;
      this.#close();
      live.refresh();
    });
    live.addEventListener("person", () => {
      byId("unknown").checked = byId("signed-in").checked = false;
      live.browser = 0;
      this.#close();
    });
  }

  /** A code is entered, if one is asked for here. */
  enter(code) {
    if (secretIn(this.#question) !== "code") return false;
    this.say(code);
    return true;
  }

  async #sign(out) {
    try {
      await post("/api/sign_in", { person: this.#live.person, browser: this.#live.browser, out });
    } catch (error) {
      if (error instanceof Gone) this.#live.reach(false);
      byId("signed-in").checked = false;
      this.#note(error.message);
    }
  }

  /** A new session, as a page load makes it. */
  open() {
    this.#session = crypto.randomUUID();
    this.#question = "";
    this.#field.type = "text";
    this.#log.replaceChildren();
    this.#show(true);
    return this.#send({ opens: true });
  }

  /** A message is typed; the chat is opened for it where it isn't. */
  async say(text) {
    if (!this.#session) await this.open();
    this.#bubble("mine", secretIn(this.#question) ? "•".repeat(text.length) : text);
    return this.#send({ text, question: this.#question });
  }

  /** The newest button of that name is tapped; where there is none, its name is typed. */
  async tap(label) {
    const buttons = [...this.#log.querySelectorAll(".choices:not(.used) .choice")];
    const button = buttons.find((each) => each.textContent === label);
    if (!button) return this.say(label);
    button.click();
    return this.#talking;
  }

  #tap(choice, question, button) {
    button.setAttribute("aria-pressed", "true");
    button.closest(".choices").classList.add("used");
    this.#bubble("mine", choice.label);
    return this.#send({ tap: choice.tap, question });
  }

  #send(message) {
    const whole = {
      ...message,
      id: crypto.randomUUID(),
      session: this.#session,
      person: this.#live.person,
      browser: this.#live.browser,
    };
    this.#talking = this.#talking.then(() => this.#deliver(whole));
    return this.#talking;
  }

  /** The same message may be delivered again: its id makes it one turn. */
  async #deliver(message) {
    if (message.session !== this.#session) return;
    const typing = h("p", { class: "typing", "aria-label": "The bank is typing" }, h("i"), h("i"), h("i"));
    this.#log.append(typing);
    try {
      const answer = await post("/api/chat", message);
      typing.remove();
      if (message.session === this.#session) this.#answered(answer);
    } catch (error) {
      typing.remove();
      if (error instanceof Gone) this.#live.reach(false);
      if (message.session === this.#session) this.#failed(message, error);
    }
    await this.#live.refresh();
  }

  #answered(answer) {
    this.#question = answer.question;
    level(byId("chat-level"), answer.assurance);
    this.#field.type = ["", "code"].includes(secretIn(answer.question)) ? "text" : "password";
    for (const line of answer.lines) this.#bubble("theirs", line);
    if (answer.relayed) this.#note("Passed on to the person. The bot is silent.");
    if (answer.handover) this.#note("A person takes over here. Hand back beside the customer.");
    if (answer.step_up && secretIn(answer.question) !== "code") this.#note(`This needs a ${answer.step_up} customer: a code, or “Signed in” above.`);
    if (answer.choices.length) this.#choices(answer.choices, answer.question);
  }

  #choices(choices, question) {
    for (const old of this.#log.querySelectorAll(".choices")) old.classList.add("used");
    const buttons = choices.map((choice) => {
      const button = h("button", { type: "button", class: "choice" }, choice.label);
      button.addEventListener("click", () => this.#tap(choice, question, button));
      return button;
    });
    this.#log.append(h("div", { class: "choices", role: "group", "aria-label": "Answers" }, buttons));
  }

  #failed(message, error) {
    const again = h("button", { type: "button", class: "quiet" }, icon("again"), "Send it again");
    const trouble = h("div", { class: "trouble" }, h("p", {}, error.message), again);
    again.addEventListener("click", () => {
      trouble.remove();
      this.#talking = this.#talking.then(() => this.#deliver(message));
    });
    this.#log.append(trouble);
  }

  #bubble(whose, text) {
    const who = h("span", { class: "unseen" }, whose === "mine" ? "You: " : "Bank: ");
    this.#log.append(h("p", { class: `bubble ${whose}` }, who, text));
  }

  #note(text) {
    this.#log.append(h("p", { class: "note" }, text));
  }

  #close() {
    this.#session = "";
    this.#question = "";
    level(byId("chat-level"), "");
    this.#log.replaceChildren();
    this.#show(false);
  }

  #show(open) {
    byId("chat-closed").hidden = open;
    byId("chat-again").hidden = !open;
    this.#form.hidden = !open;
    this.#log.hidden = !open;
  }
}

/** The kind of secret that a question asks for, such as "pin"; its id announces it. */
const secretIn = (question) => question.split(":")[1] ?? "";
