"use strict";

const PLACEHOLDER = "ID";
const MAX_LENGTH = 128;
const RANDOM_BYTES = 20;
const RANDOM_LENGTH = 31; // digits of 160 bits in base 36
const FEEDBACK_MS = 2000;

const field = document.getElementById("id");
const complaint = document.getElementById("id-error");
const announcement = document.getElementById("status");

let settle = () => {};
let settling;

/** What is wrong with an ID, in words; empty if nothing is. */
function fault(id) {
  const strange = /[^A-Za-z0-9._-]/u.exec(id);
  if (strange) {
    const name = /\s/.test(strange[0]) ? "a blank" : `“${strange[0]}”`;
    return `An ID cannot hold ${name}: only A to Z, a to z, digits, dots, underscores and hyphens.`;
  }
  return id.length > MAX_LENGTH ? `An ID has at most ${MAX_LENGTH} characters; this one has ${id.length}.` : "";
}

function complain(text) {
  complaint.textContent = text && `${text} The commands stay as they were.`;
  field.classList.toggle("is-invalid", text !== "");
  field.setAttribute("aria-invalid", String(text !== ""));
}

function fill(id) {
  for (const span of document.querySelectorAll("[data-id]")) {
    span.textContent = id || PLACEHOLDER;
  }
}

function address(id) {
  return location.pathname + location.search + (id && `#id=${id}`);
}

/** Puts the field's ID into the commands and into the page's address, unless it is none. */
function apply() {
  const id = field.value.trim();
  complain(fault(id));
  if (!fault(id)) {
    fill(id);
    history.replaceState(null, "", address(id));
  }
}

function fromAddress() {
  const id = new URLSearchParams(location.hash.slice(1)).get("id");
  if (id !== null) {
    field.value = id;
    apply();
  } else if (field.value) {
    apply(); // a link within the page was followed: the address keeps the ID
  }
}

function randomId() {
  const bytes = crypto.getRandomValues(new Uint8Array(RANDOM_BYTES));
  const number = bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  return number.toString(36).padStart(RANDOM_LENGTH, "0");
}

/** Copies without the clipboard API, which browsers keep from pages that come over plain http. */
function copyBySelection(code) {
  getSelection().selectAllChildren(code);
  const put = (event) => {
    event.clipboardData.setData("text/plain", code.textContent);
    event.preventDefault();
  };
  document.addEventListener("copy", put, { once: true });
  const copied = document.execCommand("copy");
  document.removeEventListener("copy", put);
  if (copied) {
    getSelection().removeAllRanges();
  }
  return copied;
}

async function copy(code) {
  try {
    await navigator.clipboard.writeText(code.textContent);
    return true;
  } catch {
    return copyBySelection(code);
  }
}

/** Says on a button, and aloud, what came of it; one button at a time. */
function tell(button, label, text) {
  clearTimeout(settling);
  settle();
  label.textContent = text;
  button.classList.add("told");
  announcement.textContent = button.textContent;
  settle = () => {
    label.textContent = "Copy";
    button.classList.remove("told");
    announcement.textContent = "";
  };
  settling = setTimeout(settle, FEEDBACK_MS);
}

function addCopyButton(figure) {
  const caption = figure.querySelector("figcaption");
  const code = figure.querySelector("[data-command]");
  const button = document.createElement("button");
  const label = document.createElement("span");
  const object = document.createElement("span");
  button.type = "button";
  button.className = "copy";
  label.textContent = "Copy";
  object.className = "visually-hidden";
  object.textContent = `: ${caption.textContent}`;
  button.append(label, object);
  button.addEventListener("click", async () => {
    tell(button, label, (await copy(code)) ? "Copied" : "Selected: now press Ctrl-C");
  });
  caption.after(button);
}

document.getElementById("id-form").hidden = false;
document.getElementById("id-form").addEventListener("submit", (event) => event.preventDefault());
document.getElementById("random").addEventListener("click", () => {
  field.value = randomId();
  apply();
  announcement.textContent = "The commands have a new ID";
});
field.addEventListener("input", apply);
addEventListener("hashchange", fromAddress);
document.querySelectorAll(".command").forEach(addCopyButton);
fromAddress();
