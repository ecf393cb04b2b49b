// Elements made by hand. Text goes in as text nodes only: nothing a server says can become markup.

const SVG = "http://www.w3.org/2000/svg";

/** An element with attributes (`on` takes listeners) and children; strings become text. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "on") {
      for (const [event, listener] of Object.entries(value)) element.addEventListener(event, listener);
    } else if (value === true) {
      element.setAttribute(name, "");
    } else if (value !== false && value !== null && value !== undefined) {
      element.setAttribute(name, String(value));
    }
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
}

/** One of the page's own icons. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  const use = document.createElementNS(SVG, "use");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `#i-${name}`);
  svg.append(use);
  return svg;
}

/** Text in which addresses of web pages can be followed, in a tab of their own. */
export function linked(text) {
  return text.split(/(https?:\/\/[^\s<>"]+)/).map((part, index) => {
    if (index % 2 === 0) return part;
    const { host, pathname } = new URL(part);
    const end = pathname.split("/").at(-1);
    return h("a", { href: part, title: part, target: "_blank", rel: "noopener noreferrer" }, pathname === `/${end}` ? `${host}/${end}` : `${host}/…/${end}`);
  });
}

/** The element with that id, which the page is sure to have. */
export const byId = (id) => document.getElementById(id);

/** Keep a log at its end while it grows or changes its size, unless somebody has scrolled back in it. */
export function keepAtEnd(log) {
  let atEnd = true;
  const toEnd = () => {
    if (atEnd) log.scrollTop = log.scrollHeight;
  };
  log.addEventListener("scroll", () => {
    atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 40;
  });
  new MutationObserver(toEnd).observe(log, { childList: true });
  new ResizeObserver(toEnd).observe(log);
}
