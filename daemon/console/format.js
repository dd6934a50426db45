// Amounts, points and times as people read them. Amounts stay text: no digit is lost on the way.

import { make } from "./dom.js";

const signs = { GBP: "£", EUR: "€", USD: "$", JPY: "¥", CHF: "CHF ", CNY: "CN¥" };

// 1234567.5 and "1234567.50" get commas; a minus becomes a real one.
export function number(value) {
  const text = String(value ?? 0);
  if (!/^-?\d+(\.\d+)?$/.test(text)) return text;
  const [whole, part] = text.replace("-", "").split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return (text.startsWith("-") ? "\u2212" : "") + grouped + (part ? `.${part}` : "");
}

export function signed(value) {
  return Number(value) > 0 ? `+${number(value)}` : number(value);
}

export function money(text, currency) {
  if (text === null || text === undefined) return "\u2013";
  const shown = number(text);
  if (!currency) return shown;
  const sign = signs[currency] ?? `${currency} `;
  return shown.startsWith("\u2212") ? `\u2212${sign}${shown.slice(1)}` : sign + shown;
}

export function plural(count, one, many) {
  return `${number(count)} ${Number(count) === 1 ? one : many}`;
}

// The house's own time zone, once it is known; until then that of the browser.
let zone;
export function use_zone(name) {
  zone = name;
}

function shown(moment, options) {
  return new Intl.DateTimeFormat("en-GB", { timeZone: zone, ...options }).format(moment);
}

const day_form = { day: "numeric", month: "short", year: "numeric" };
const time_form = { ...day_form, hour: "2-digit", minute: "2-digit" };

function time_element(text, options) {
  const moment = new Date(text);
  if (Number.isNaN(moment.getTime())) return make("span", text);
  return make("time", { datetime: text, title: text }, shown(moment, options));
}

// A moment: "21 Nov 2026, 10:15".
export function moment(text) {
  return text ? time_element(text, time_form) : "never";
}

// The day on which a moment falls; or a day that the daemon gave as one, which has no zone.
export function day(text) {
  if (!text) return "never";
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) {
    return time_element(text, { ...day_form, timeZone: "UTC" });
  }
  return time_element(text, day_form);
}

// "sha256:1a2b3c4d…"
export function short_digest(digest) {
  const text = String(digest ?? "").replace("sha256:", "");
  return make("code.digest", { title: digest }, text.slice(0, 12));
}
