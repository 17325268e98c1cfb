/** Reading what may not be downloaded: its pages, each with the reader's address across it. */

import { get, Problem } from "./api.js";
import { copyOf, fill, slot } from "./dom.js";
import { inRoom } from "./frames.js";
import { layPapers, widthToAsk } from "./papers.js";
import { personOf } from "./portal_room.js";

/** Shows the pages of `file`. @param {any} of the shared document */
export function showReader(of, file, portal, moves) {
  const { contact } = portal.content;
  const { count, total } = file.pages;
  const page = copyOf("reader", { title: of.title, count: `1 of ${count}` });
  if (total <= count) fill(page, { cut: null });
  else fill(page, { cut: `Only the first ${count} of ${total} pages can be read here.` });
  slot(page, "back").addEventListener("click", moves.closeReader);
  const view = inRoom(page, of.title, { person: personOf(contact), onSignOut: moves.signOut });
  layPapers(slot(view, "papers"), count, {
    addressOf: (number) => addressOf(file, number, portal),
    onTurn: (number) => fill(view, { count: `${number} of ${count}` }),
    dealtWith: (error) => {
      const isOutside = error instanceof Problem && error.isOutside;
      if (isOutside) moves.lost();
      return isOutside;
    },
  });
}

async function addressOf(file, number, portal) {
  const path = `/v1/portal/files/${encodeURIComponent(file.id)}/pages/${number}?width=${widthToAsk()}`;
  return (await get(path, { tenant: portal.tenantId })).url;
}
