/** Adding up. */

/** What `of` tells of each item, together. */
export function total<Item>(items: readonly Item[], of: (item: Item) => number): number {
  return items.reduce((all, item) => all + of(item), 0);
}
