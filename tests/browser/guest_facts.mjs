/** What the server tells guests, for tests that answer in its place. */

import { ORIGIN, TRUST } from "./stand_in.mjs";

export const ID = "lnk_01J9ZC0ZJ8Q4W3T9V5N6M7K8P9";
export const SECRET = "AbC-_123";
export const PAGE = `${ORIGIN}/g/${ID}`;
export const LINK = `${PAGE}#${SECRET}`;
export const API = `/v1/guest/${ID}`;
export const [COVER, OPEN, CODE, VERIFY, CONFIRM] = ["cover", "open", "code", "verify", "confirm"].map(
  (act) => `POST ${API}/${act}`,
);
export const READ = `GET ${API}`;
export const [SIGN, APPROVE, DECLINE, WRITE, ASK_AGAIN, NOT_ME] = [
  "sign",
  "approve",
  "decline",
  "messages",
  "ask-again",
  "not-me",
].map((act) => `POST ${API}/${act}`);
export const SIGNATURES = `GET ${API}/signatures`;
export const EVENTS = `GET ${API}/events`;
export const pageAt = (number) => `GET ${API}/files/fil_1/pages/${number}`;
export const DOWNLOAD = `POST ${API}/files/fil_1/download`;

const { documents: _, nda_required: __, id: ___, ...tenant } = TRUST;

/** What the cover and the document have in common. */
export const SHARED = {
  link_id: ID,
  tenant,
  sender: "Ines Carvalho",
  title: "Partner terms <b>2026</b>",
  category: "Agreements",
  expires_at: "2027-01-31T23:00:00Z",
  zone: "Europe/Zurich",
  place: "a-place",
};

/** The cover of a link that nobody opened yet. */
export const ANYBODY = {
  ...SHARED,
  audience: "contact",
  rights: ["view", "sign"],
  opens: "press",
  knows_address: true,
};

export const FILE = {
  id: "fil_1",
  name: "terms.pdf",
  media_type: "application/pdf",
  size_bytes: 91_204,
  pages: { state: "ready", count: 3, total: 3 },
};

export const CONTACT = { id: "con_1", first_name: "Daniel", last_name: "Okoro", email: "daniel@contoso.example" };

/** What the browser that opened the link first sees. */
export const TRUSTED = {
  ...SHARED,
  audience: "contact",
  standing: "trusted",
  contact: CONTACT,
  rights: ["view"],
  once_proved: ["view", "sign"],
  file: FILE,
  trusted_until: "2027-02-24T10:00:00Z",
};

/** What a browser sees whose address is proved. */
export const VERIFIED = { ...TRUSTED, standing: "verified", rights: ["view", "sign"] };

/** What a browser sees that only holds the link. */
export const BEARER = {
  ...TRUSTED,
  audience: "undefined",
  standing: "bearer",
  contact: null,
  once_proved: ["view", "download", "write"],
};

const DIGEST = "9f2c41d8e07a5b930c1d2e3f405162738495a6b7c8d9eafb0c1d2e3f40512ee1";

/** A version of the document, to the byte; the newest is the file that is shown. */
export const version = (number, id = FILE.id) => ({ id, name: "terms.pdf", sha256: DIGEST, version: number });

/** Nobody is asked for a signature. */
export const NOT_ASKED = {
  asked: null,
  newest: version(3),
  signers: 0,
  finished: 0,
  completed_at: null,
  certificate_id: null,
};

/** The reader is asked to sign, as one of three. */
export const ASKED = {
  ...NOT_ASKED,
  asked: { act: "sign", progress: "waiting", message: "By Friday, if you can.\nAnnex B is new.", signature: null },
  signers: 3,
  finished: 1,
};

/** What a signer did to a version. */
export const signatureOn = (file, more = {}) => ({
  file,
  email: CONTACT.email,
  name: "Daniel Okoro",
  at: "2026-11-22T08:31:00Z",
  device_id: "dev_1",
  network: "192.0.2.0/24",
  ...more,
});

/** The reader signed, and one is left. */
export const SIGNED = {
  ...ASKED,
  asked: { ...ASKED.asked, progress: "signed", signature: signatureOn(version(3)) },
  finished: 2,
};

/** The reader declined. */
export const DECLINED = {
  ...ASKED,
  asked: { ...ASKED.asked, progress: "declined", signature: signatureOn(version(3), { reason: "Only with the cap." }) },
};

/** What a trusted browser sees of a link for signing, and of one whose address is proved. */
export const SIGNER = { ...TRUSTED, rights: ["view", "write"], once_proved: ["view", "write", "sign"] };
export const PROVED_SIGNER = { ...SIGNER, standing: "verified", rights: ["view", "write", "sign"] };

/** An entry of the thread; `number` orders them. */
export const entry = (number, more = {}) => ({
  id: `evt_${String(number).padStart(3, "0")}`,
  kind: "message",
  is_own: false,
  author: "Ines Carvalho",
  text: `Message ${number}`,
  files: [],
  created_at: new Date(Date.UTC(2026, 10, 14, 8, number)).toISOString(),
  ...more,
});

/** What somebody says about themselves. */
export const DETAILS = { first_name: "Priya", last_name: "Nambiar", company: "Northwind", job_title: "Buyer" };

export const is = (body) => () => ({ status: 200, body });
/** A code is on its way. */
export const SENT = () => ({
  status: 202,
  body: { resend_after_seconds: 60, expires_at: new Date(Date.now() + 600_000).toISOString() },
});
/** Any picture of this origin does. */
export const SHOWN = is({ url: "/assets/icon.svg", expires_at: "2026-11-26T10:00:00Z" });
/** Nobody is asked for a signature, and nobody wrote. */
export const QUIET = { [SIGNATURES]: is(NOT_ASKED), [EVENTS]: is({ items: [] }) };
/** Each page of the file, and nothing beside it. */
export const ALL_PAGES = { ...QUIET, ...Object.fromEntries([1, 2, 3].map((number) => [pageAt(number), SHOWN])) };

/** Answers with each of `answers` in turn, and with the last from then on. */
export function inTurn(...answers) {
  let next = 0;
  return (...asked) => answers[Math.min(next++, answers.length - 1)](...asked);
}

export const first = (page) => page.getByRole("img", { name: "Page 1 of 3, as a picture" }).waitFor();
export const press = (page, name) => page.getByRole("button", { name }).click();
