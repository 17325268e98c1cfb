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
/** Each page of the file. */
export const ALL_PAGES = Object.fromEntries([1, 2, 3].map((number) => [pageAt(number), SHOWN]));

/** Answers with each of `answers` in turn, and with the last from then on. */
export function inTurn(...answers) {
  let next = 0;
  return (...asked) => answers[Math.min(next++, answers.length - 1)](...asked);
}

export const first = (page) => page.getByRole("img", { name: "Page 1 of 3, as a picture" }).waitFor();
export const press = (page, name) => page.getByRole("button", { name }).click();
