// The mailbox page: lists what was sent, shows one mail, and looks for new ones by itself.

const REFRESH_MS = 3000;

const part = (id) => document.getElementById(id);

/** @type {{id: string, from: string, to: string[], subject: string, text: string, html: string, sent_at: string}[]} */
let mails = [];
let listed = "";

const dayFormat = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });
const timeFormat = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const wholeFormat = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "long" });

function shortTime(instant) {
  const today = instant.toDateString() === new Date().toDateString();
  return (today ? timeFormat : dayFormat).format(instant);
}

function element(name, text) {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}

function row(mail) {
  const link = document.createElement("a");
  link.href = `#${mail.id}`;
  const time = element("time", shortTime(new Date(mail.sent_at)));
  time.dateTime = mail.sent_at;
  link.append(element("b", mail.subject), time, element("small", mail.to.join(", ")));
  const item = document.createElement("li");
  item.append(link);
  return item;
}

/** Text with its addresses as links, which is what people click in a mail. */
function linked(text) {
  const pieces = document.createDocumentFragment();
  let from = 0;
  for (const match of text.matchAll(/https?:\/\/[^\s<>"]+[^\s<>".,;:!?)]/g)) {
    pieces.append(text.slice(from, match.index));
    const link = element("a", match[0]);
    link.href = match[0];
    link.className = "a";
    link.target = "_blank";
    link.rel = "noopener noreferrer";
    pieces.append(link);
    from = match.index + match[0].length;
  }
  pieces.append(text.slice(from));
  return pieces;
}

function showMail() {
  const id = location.hash.slice(1);
  const mail = mails.find((candidate) => candidate.id === id);
  part("mail").hidden = !mail;
  document.body.classList.toggle("reading", Boolean(mail));
  document.title = mail ? `${mail.subject} · Mailbox` : "Mailbox";
  for (const link of part("mails").querySelectorAll("a")) {
    const current = link.hash === `#${id}`;
    current ? link.setAttribute("aria-current", "true") : link.removeAttribute("aria-current");
  }
  if (!mail || part("mail").dataset.id === id) return;
  part("mail").dataset.id = id;
  part("subject").textContent = mail.subject;
  part("from").textContent = mail.from;
  part("to").textContent = mail.to.join(", ");
  part("sent").textContent = wholeFormat.format(new Date(mail.sent_at));
  part("sent").dateTime = mail.sent_at;
  part("text").replaceChildren(linked(mail.text));
  part("html").src = `/_local/mail/${mail.id}/html`;
}

function showList() {
  const newest = mails[0]?.id ?? "none";
  part("empty").hidden = mails.length > 0;
  part("waiting").hidden = true;
  if (newest !== listed) {
    listed = newest;
    const focused = document.activeElement?.hash;
    part("mails").replaceChildren(...mails.map(row));
    if (focused) part("mails").querySelector(`a[href="${focused}"]`)?.focus();
  }
  showMail();
}

async function refresh() {
  try {
    const answer = await fetch("/_local/mail", { headers: { accept: "application/json" } });
    mails = (await answer.json()).items;
    showList();
  } catch {
    part("waiting").textContent = "The server is not running. This page goes on when it is back.";
    part("waiting").hidden = false;
  }
  setTimeout(refresh, REFRESH_MS);
}

addEventListener("hashchange", showMail);
refresh();
