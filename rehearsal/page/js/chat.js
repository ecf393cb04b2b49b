// The web chat: bubbles, buttons that carry what they mean, and the id of the question they answer.

import { Gone, post } from "./api.js";
import { byId, h, icon, keepAtEnd, linked } from "./elements.js";
import { level } from "./phone.js";
import { readable } from "./words.js";

const MOST_BROWSERS = 1e9;
/** How often it is looked for messages after nobody has the conversation any more. */
const LAST_LOOKS = 3;
/** What a visitor whom nobody knows is asked for, and what the person would say. */
const SUGGESTED = { phone_number: "phone", email_address: "email" };

export class Chat {
  #live;
  #log = byId("chat-log");
  #form = byId("chat-form");
  #field = byId("chat-text");
  #session = "";
  #question = "";
  #talking = Promise.resolve();
  /** Place of the newest message that came outside of a turn. */
  #after = "";
  /** Looks that are still taken for such messages. */
  #looks = 0;
  #looking = false;

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
    byId("chat-attach").addEventListener("click", () => {
      this.attach(this.#field.value.trim());
      this.#field.value = "";
    });
    byId("signed-in").addEventListener("change", (event) => this.#sign(!event.target.checked));
    byId("unknown").addEventListener("change", (event) => {
      this.#sitDown(event.target.checked);
      live.refresh();
    });
    live.addEventListener("person", () => this.#sitDown(false));
    live.addEventListener("change", () => {
      this.#suggest();
      this.#collect();
    });
  }

  /** A code is entered, if one is asked for here; it may have come before the answer that asks for it. */
  async enter(code) {
    await this.#talking;
    if (secretIn(this.#question) !== "code") return false;
    this.say(code);
    return true;
  }

  /** The newest code that came is entered. */
  enterNewest() {
    const code = this.#live.state?.post.findLast((message) => message.code)?.code;
    return code ? this.say(code) : this.#talking;
  }

  /** The person gives the number or mailbox by which the bank knows them. */
  giveReach(way) {
    return this.say(readable(this.#live.state.reached_at[way]));
  }

  /** The chat is opened at a browser that nobody knows. */
  openUnknown() {
    this.#sitDown(true);
    return this.open();
  }

  /** Somebody signs in at this browser, be it theirs or not. */
  async signIn(who) {
    await this.#sign(false, who);
    if (!this.#session) await this.open();
  }

  /** Whoever was here signs out; the page is opened anew. */
  async comeBack() {
    await this.#sign(true);
    return this.open();
  }

  /** At the person's own browser, or at one that nobody knows. */
  #sitDown(unknown) {
    // By chance, so that after a reload, too, it is one that nobody sat at before.
    this.#live.browser = unknown ? 1 + (crypto.getRandomValues(new Uint32Array(1))[0] % MOST_BROWSERS) : 0;
    byId("unknown").checked = unknown;
    this.#signedIn("");
    this.#close();
  }

  #signedIn(who) {
    byId("signed-in").checked = who !== "";
    byId("signed-in-as").textContent = who && who !== this.#live.person ? `${who} signed in` : "Signed in";
  }

  async #sign(out, who = this.#live.person) {
    try {
      await post("/api/sign_in", { person: this.#live.person, browser: this.#live.browser, out, as: who });
      this.#signedIn(out ? "" : who);
    } catch (error) {
      if (error instanceof Gone) this.#live.reach(false);
      this.#signedIn("");
      this.#note(error.message);
    }
  }

  /** A new session, as a page load makes it. */
  open() {
    this.#session = crypto.randomUUID();
    this.#question = "";
    this.#after = "";
    this.#looks = 0;
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

  /** A picture is sent, with some words or none. */
  async attach(text = "") {
    if (!this.#session) await this.open();
    this.#bubble("mine", [icon("clip"), ` A picture${text ? `: ${text}` : ""}`]);
    return this.#send({ text, attachments: 1, question: this.#question });
  }

  /** What a person writes comes outside of any turn: it is asked for while one has the conversation, and just after. */
  async #collect() {
    const { visitor, customer } = this.#live.state;
    const taken = Boolean(visitor?.with_person || customer.with_person);
    if (taken) this.#looks = LAST_LOOKS;
    if (!this.#session || !this.#looks || this.#looking) return;
    this.#looks -= 1;
    this.#looking = true;
    const session = this.#session;
    try {
      const asked = { collects: true, after: this.#after, id: crypto.randomUUID(), session };
      const { arrived } = await post("/api/chat", { ...asked, person: this.#live.person, browser: this.#live.browser });
      if (session === this.#session) for (const one of arrived) this.#came(one);
    } catch (error) {
      if (error instanceof Gone) this.#live.reach(false);
    } finally {
      this.#looking = false;
    }
  }

  #came({ id, sort, lines }) {
    this.#after = sort;
    for (const line of lines) this.#bubble(id.startsWith("agent-") ? "theirs person" : "theirs", line);
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
    if (answer.handover) this.#note("A person takes over here: at a desk of the telephone’s, or hand back beside the customer.");
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

  /** Where the bank asks for a number or a mailbox, the person’s own is at hand. */
  #suggest() {
    const { visitor, customer, reached_at: at } = this.#live.state;
    const question = [visitor, customer].map((who) => who?.question).find((asked) => asked?.session === `web:${this.#session}`);
    const address = question?.asked === "slot" ? at[SUGGESTED[question.slot]] ?? "" : "";
    const place = byId("chat-suggest");
    if (place.dataset.of === address && place.hidden === !address) return;
    place.dataset.of = address;
    place.hidden = !address;
    const fill = () => {
      this.#field.value = readable(address);
      this.#field.focus();
    };
    place.replaceChildren(...(address ? [`${this.#live.person}’s is `, h("button", { type: "button", class: "quiet small", title: "Put it into the field", on: { click: fill } }, readable(address))] : []));
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
    const who = h("span", { class: "unseen" }, { mine: "You: ", theirs: "Bank: " }[whose] ?? "A person at the bank: ");
    this.#log.append(h("p", { class: `bubble ${whose}` }, who, whose === "mine" ? text : linked(text)));
  }

  #note(text) {
    this.#log.append(h("p", { class: "note" }, text));
  }

  #close() {
    this.#session = "";
    this.#question = "";
    level(byId("chat-level"), "");
    byId("chat-suggest").hidden = true;
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
