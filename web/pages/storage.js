/** The browser's two stores, and memory in their place where the reader's settings forbid them. */

/**
 * @param {() => Storage} open called late, since merely naming a forbidden store throws
 * @returns {{get(name: string): string | null, set(name: string, value: string): void, remove(name: string): void}}
 */
export function storeOver(open) {
  const memory = new Map();
  return {
    get(name) {
      try {
        return open().getItem(name) ?? memory.get(name) ?? null;
      } catch {
        return memory.get(name) ?? null;
      }
    },
    set(name, value) {
      memory.set(name, value);
      try {
        open().setItem(name, value);
      } catch {
        // Forbidden or full: memory has it for as long as the page lives.
      }
    },
    remove(name) {
      memory.delete(name);
      try {
        open().removeItem(name);
      } catch {
        // Nothing was kept there.
      }
    },
  };
}

/** Lives as long as the tab. */
export const tabStore = storeOver(() => sessionStorage);

/** Lives as long as the browser's profile. */
export const browserStore = storeOver(() => localStorage);
