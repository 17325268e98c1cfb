/** The tenant's name and colour on our pages. */

const ACCENT = /^#[0-9a-f]{6}$/i;

/** Only `#rrggbb` reaches the style; anything else leaves the neutral colour. @param {unknown} accent */
export function isAccent(accent) {
  return typeof accent === "string" && ACCENT.test(accent);
}

/** What a page says where no tenant's name is known. */
export const UNNAMED = "this company";

/** @type {{name: string, contact_email?: string, logo?: {url: string}} | null} */
let current = null;

/** @param {{name: string, accent?: string, contact_email?: string, logo?: {url: string}}} tenant */
export function wear(tenant) {
  current = tenant;
  if (isAccent(tenant.accent)) document.documentElement.style.setProperty("--accent", tenant.accent);
  brandIn(document);
}

/**
 * Writes the tenant's name into every `[data-tenant-name]` and its address into every `[data-tenant-mail]`.
 *
 * @param {ParentNode} root
 */
export function brandIn(root) {
  if (!current) return;
  for (const place of root.querySelectorAll("[data-tenant-name]")) place.textContent = current.name;
  for (const place of root.querySelectorAll("[data-tenant-logo]")) showLogo(place, current);
  for (const place of root.querySelectorAll("[data-tenant-mail]")) {
    place.hidden = !current.contact_email;
    if (!current.contact_email) continue;
    const link = place.matches("a") ? place : place.querySelector("a");
    link.href = `mailto:${encodeURIComponent(current.contact_email).replace("%40", "@")}`;
    if (link.hasAttribute("data-say-address")) link.textContent = current.contact_email;
  }
}

/** Once the logo is there it stands for mark and name; until then, and without one, they stay. */
function showLogo(place, tenant) {
  if (!tenant.logo || !place.hidden) return;
  const image = new Image();
  image.alt = tenant.name;
  image.addEventListener("load", () => {
    place.replaceChildren(image);
    place.hidden = false;
    for (const other of place.parentElement.querySelectorAll(".mark, [data-tenant-name]")) other.hidden = true;
  });
  image.src = tenant.logo.url;
}

/** The tenant's name for sentences and titles. */
export function tenantName() {
  return current?.name ?? UNNAMED;
}
