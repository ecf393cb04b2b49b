// What the kinds of a customer's links are called.

const NAMES = {
  web: ["Browser", "web"], alexa: ["Smart speaker", "alexa"], phone: ["Phone number", "phone"], email: ["Mailbox", "mail"],
  login: ["Sign-in", "key"], guest: ["Visitor", "person"],
};
const ORDER = Object.keys(NAMES);

/** The links of a customer in the order in which the page shows them. */
export const inOrder = (links) => links.toSorted((one, other) =>
  ORDER.indexOf(one.kind) - ORDER.indexOf(other.kind) || (other.age ?? 0) - (one.age ?? 0));

/** What a kind of link is called, and its icon. */
export const kindOf = (kind) => NAMES[kind] ?? [kind, "person"];
