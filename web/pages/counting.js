/** "1 document", "2 documents". @param {number} count @param {string} thing its regular singular */
export function counted(count, thing) {
  return `${new Intl.NumberFormat().format(count)} ${thing}${count === 1 ? "" : "s"}`;
}
