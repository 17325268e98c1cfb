/** Downloads: ask for an address that lives for minutes, then go there. The page stays, since the answer is an attachment. */

import { post } from "./api.js";

/**
 * @param {string} path of the `download` act
 * @param {{tenant?: string | null, place?: string | null}} [options]
 */
export async function download(path, options) {
  const { url } = await post(path, {}, options);
  const address = new URL(url, location.href);
  if (address.protocol !== "https:" && address.protocol !== "http:")
    throw new TypeError("a download is no web address");
  location.assign(address);
}
