/** What one open is: the calls that it makes, and what follows from them. */

import { NEWS_PER_MAIL } from "./assumed.js";
import { total } from "./total.js";

/**
 * What follows from one call, in the table's stream and in the worker: counted on a laptop's `make run` by watching
 * the SDK until nothing more came.
 */
interface Follows {
  /** Items that the call and the worker changed: each is a record of the stream. */
  readonly records: number;
  /** The worker's requests to the table. */
  readonly requests: number;
  readonly read: number;
  readonly write: number;
  readonly mails: number;
  /** What the table keeps, with its entries in indexes and the 100 bytes that DynamoDB adds to each. */
  readonly bytes: number;
}

/** A call, how often one open makes it, and what follows. */
type Step = readonly [route: string, times: number, follows: Follows];

const NOTHING: Follows = { records: 0, requests: 0, read: 0, write: 0, mails: 0, bytes: 0 };
const A_LOOK: Follows = { records: 2, requests: 5, read: 5, write: 0, mails: 0, bytes: 1000 };

/**
 * One open: a guest, mailed a link, opens it in a browser that was never there, reads three pages and comes back
 * once. Every second one takes the file away, every fifth proves their address by a code. For ten of them staff
 * make one link, look at one contact and leaf through two lists.
 */
export const OPEN: readonly Step[] = [
  ["links.send", 1, { records: 6, requests: 9, read: 15, write: 9, mails: 1, bytes: 2250 }],
  ["guest.cover", 1, { ...NOTHING, records: 1 }],
  // The sender hears of it, and so does the contact; lists and search come to show when the contact was active.
  ["guest.open", 1, { records: 23, requests: 27, read: 18, write: 40, mails: 2, bytes: 5350 }],
  ["guest.signatures", 1, NOTHING],
  ["guest.events", 1, NOTHING],
  ["guest.page", 3, A_LOOK],
  ["pages.read", 3, NOTHING],
  ["guest.read", 1, A_LOOK],
  ["guest.download", 0.5, A_LOOK],
  ["guest.code", 0.2, { records: 8, requests: 11, read: 22, write: 9, mails: 1, bytes: 1650 }],
  ["guest.verify", 0.2, { records: 14, requests: 24, read: 18, write: 18, mails: 2, bytes: 4250 }],
  ["links.create", 0.1, { records: 16, requests: 9, read: 6, write: 20, mails: 0, bytes: 6100 }],
  ["contacts.read", 0.1, NOTHING],
  ["contacts.list", 0.1, NOTHING],
  ["documents.list", 0.1, NOTHING],
];

/** Bytes of a document that is downloaded, of a page 1600 pixels wide under a mark, and of a call's answer. */
export const DOCUMENT_BYTES = 2_000_000;
export const PAGE_BYTES = 460_000;
export const ANSWER_BYTES = 1500;

/** What `of` tells of each step, as often as an open takes it. */
export function perOpen(of: (step: Step) => number): number {
  return total(OPEN, (step) => step[1] * of(step));
}

/** What follows from all calls of an open. */
export function followsPerOpen(field: keyof Follows): number {
  return perOpen(([, , follows]) => follows[field]);
}

export function callsPerOpen(): number {
  return perOpen(() => 1);
}

function timesOf(route: string): number {
  return perOpen(([name]) => (name === route ? 1 : 0));
}

export function pagesPerOpen(): number {
  return timesOf("pages.read");
}

export function downloadsPerOpen(): number {
  return timesOf("guest.download");
}

/** How often the worker is rung: at the most once for each record of the stream, and for each thing that SES tells. */
export function deliveriesPerOpen(): number {
  return followsPerOpen("records") + followsPerOpen("mails") * NEWS_PER_MAIL;
}
