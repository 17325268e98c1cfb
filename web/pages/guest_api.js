/** Calls about one guest link. Each answer tells the link's place, which spares the server a read the next time. */

import { get, post } from "./api.js";
import { download } from "./download.js";
import { browserStore } from "./storage.js";

/** @param {string} id of the link */
export function guestApi(id) {
  const name = `vestibule.place:${id}`;
  const base = `/v1/guest/${encodeURIComponent(id)}`;
  const options = () => ({ place: browserStore.get(name) });
  const kept = (answer) => {
    if (typeof answer?.place === "string") browserStore.set(name, answer.place);
    return answer;
  };
  return {
    /** @param {string} path below the link's */
    get: async (path) => kept(await get(base + path, options())),
    /** @param {string} path @param {object} body */
    post: async (path, body) => kept(await post(base + path, body, options())),
    /** @param {string} path of the `download` act */
    download: (path) => download(base + path, options()),
    /** Whether this browser saw the link before. */
    wasHere: () => browserStore.get(name) !== null,
  };
}
