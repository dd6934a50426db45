// Elements from data. Text goes in as text and nothing is ever read as markup: names, notes and
// rules are other people's words.

// make("p.soft", { id: "x", onclick: act }, "words", node, [more]). An attribute that is null or
// false is left out, and so is such a child.
export function make(name, ...rest) {
  const [tag, ...classes] = name.split(".");
  const node = document.createElement(tag);
  if (classes.length > 0) node.className = classes.join(" ");
  if (is_attributes(rest[0])) set(node, rest.shift());
  return add(node, ...rest);
}

function is_attributes(value) {
  return value !== null && typeof value === "object" && !(value instanceof Node) &&
    !Array.isArray(value);
}

export function set(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) {
      node.removeAttribute(name);
    } else if (name.startsWith("on")) {
      node.addEventListener(name.slice(2), value);
    } else {
      node.setAttribute(name, value === true ? "" : String(value));
    }
  }
  return node;
}

export function add(node, ...children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    node.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
  return node;
}

export function replace(node, ...children) {
  node.replaceChildren();
  return add(node, ...children);
}

let made = 0;
export function new_id(word) {
  made += 1;
  return `${word}-${made}`;
}

// An address inside the console: to("member", id) is "#/member/m_1".
export function to(...parts) {
  return `#/${parts.map(encodeURIComponent).join("/")}`;
}

// For those who listen instead of looking.
export function announce(text) {
  document.getElementById("announcement").textContent = text;
}
