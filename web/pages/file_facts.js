/** What a file is, in a reader's words. */

const NAMES = {
  "application/pdf": "PDF",
  "image/png": "PNG",
  "image/jpeg": "JPEG",
  "image/webp": "WebP",
  "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "Word",
  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "Excel",
  "application/vnd.openxmlformats-officedocument.presentationml.presentation": "PowerPoint",
  "text/plain": "Text",
  "text/csv": "CSV",
};

/** @param {string} mediaType */
export function kindOfFile(mediaType) {
  return NAMES[mediaType.split(";")[0].trim()] ?? "File";
}

/**
 * "812 B", "4.2 KB", "31 MB": three digits at most, decimal units as file managers show them.
 *
 * @param {number} bytes @param {string} [locale]
 */
export function sizeOfFile(bytes, locale) {
  const units = ["B", "KB", "MB", "GB"];
  let size = bytes;
  let unit = 0;
  while (999.5 <= size && unit < units.length - 1) {
    size /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || 9.95 <= size ? 0 : 1;
  return `${new Intl.NumberFormat(locale, { maximumFractionDigits: digits }).format(size)} ${units[unit]}`;
}

/** "PDF, 4.2 MB". @param {{media_type: string, size_bytes: number}} file */
export function fileFacts(file) {
  return `${kindOfFile(file.media_type)}, ${sizeOfFile(file.size_bytes)}`;
}
