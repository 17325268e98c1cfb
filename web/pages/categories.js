/** Documents by category, in the order in which the server names them. */

/** Where a document without a category stands. */
const OTHER = "Other documents";

/**
 * @template {{category: string}} D
 * @param {D[]} documents
 * @returns {[string, D[]][]}
 */
export function byCategory(documents) {
  const groups = new Map();
  for (const each of documents) {
    const category = each.category?.trim() || OTHER;
    groups.set(category, [...(groups.get(category) ?? []), each]);
  }
  return [...groups];
}
