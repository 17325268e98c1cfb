/** The tenant's name and colour on our pages. */

const ACCENT = /^#[0-9a-f]{6}$/i;

/** Only `#rrggbb` reaches the style; anything else leaves the neutral colour. @param {unknown} accent */
export function isAccent(accent) {
  return typeof accent === "string" && ACCENT.test(accent);
}

/** What a page says where no tenant's name is known. */
export const UNNAMED = "this company";

/** @type {{name: string, contact_email?: string} | null} */
let current = null;

/** @param {{name: string, accent?: string, contact_email?: string}} tenant */
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
  for (const place of root.querySelectorAll("[data-tenant-mail]")) {
    place.hidden = !current.contact_email;
    if (!current.contact_email) continue;
    const link = place.matches("a") ? place : place.querySelector("a");
    link.href = `mailto:${encodeURIComponent(current.contact_email).replace("%40", "@")}`;
    if (link.hasAttribute("data-say-address")) link.textContent = current.contact_email;
  }
}

/** The tenant's name for sentences and titles. */
export function tenantName() {
  return current?.name ?? UNNAMED;
}
