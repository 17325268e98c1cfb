/** Sending files that the company asked for: announced, sent where the server says, and checked there. */

import { NO_ANSWER, Problem } from "./api.js";
import { announce, copyOf, slot } from "./dom.js";
import { clearProblem, isBarred, sayProblem, sayWords, whileBusy } from "./press.js";
import { sentenceFor } from "./problem_words.js";

/** Media types by how a name ends: a browser's own guess depends on what is installed beside it. */
const TYPES = {
  pdf: "application/pdf",
  png: "image/png",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  webp: "image/webp",
  docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  pptx: "application/vnd.openxmlformats-officedocument.presentationml.presentation",
  txt: "text/plain",
  csv: "text/csv",
};

/** Longest file that a guest may send: 100 MiB, as the server has it. */
const BYTES_MAX = 100 * 1024 * 1024;

/**
 * The place from which files go to a request of the company. It stays the same while the thread around it is drawn
 * anew, as files may be on their way.
 *
 * @param {any} entry the request @param {import("./guest_part.js").Part} part
 */
export function filesPlace(entry, part) {
  const known = part.asked.get(entry.id);
  if (known) return known;
  const place = copyOf("send-files").firstElementChild;
  part.asked.set(entry.id, place);
  const [input, choose] = [slot(place, "input"), slot(place, "choose")];
  input.accept = Object.keys(TYPES)
    .map((ending) => `.${ending}`)
    .join(",");
  choose.addEventListener("click", () => isBarred(choose) || input.click());
  input.addEventListener("change", async () => {
    const files = [...input.files];
    input.value = "";
    await sendAll(files, { entry, part, place });
  });
  return place;
}

/** One after the other: who sends from a phone sees the first arrive before the connection drops. */
async function sendAll(files, to) {
  const { part, place } = to;
  const problem = slot(place, "files-problem");
  clearProblem(problem);
  let arrived = 0;
  try {
    await whileBusy(slot(place, "choose"), "Sending…", async () => {
      for (const file of files) arrived += (await sent(file, lineFor(file, place), to)) ? 1 : 0;
    });
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    if (!part.moves.refused(error)) sayProblem(problem, error);
    return;
  }
  if (arrived) announce(arrived === 1 ? "Your file arrived." : `${arrived} files arrived.`);
  // Also where an answer got lost: the file may have arrived all the same.
  await part.hear();
}

function lineFor(file, place) {
  const line = copyOf("sending-file", { name: file.name }).firstElementChild;
  slot(place, "list").append(line);
  return line;
}

/** Whether `file` arrived; what keeps it from arriving is said on its line. */
async function sent(file, line, { entry, part }) {
  const problem = slot(line, "file-problem");
  const type = TYPES[file.name.split(".").pop().toLowerCase()];
  if (!type) return refuse(line, problem, "This kind of file is not taken. A PDF is.");
  if (file.size === 0 || BYTES_MAX < file.size) {
    return refuse(line, problem, file.size ? "This file is longer than 100 MB." : "This file is empty.");
  }
  try {
    const sha256 = hex(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
    const facts = { event_id: entry.id, name: file.name, media_type: type, size_bytes: file.size, sha256 };
    if (!(await completedBefore(facts, part))) await send(file, facts, part, slot(line, "meter"));
    line.remove();
    return true;
  } catch (error) {
    // Read from a disk that is gone, or moved meanwhile.
    if (error instanceof DOMException) return refuse(line, problem, "This file cannot be read. Choose it again.");
    if (!(error instanceof Problem)) throw error;
    if (["code-required", "link-inactive", "not-found", "nda-required"].includes(error.kind)) {
      line.remove();
      throw error;
    }
    return refuse(line, problem, error.errors[0]?.detail ?? sentenceFor(error));
  }
}

/** Files whose fate is unknown, as an answer got lost: choosing one again completes it, and sends nothing twice. */
const unsure = new Map();

async function completedBefore(facts, { link }) {
  const id = unsure.get(JSON.stringify(facts));
  if (!id) return false;
  try {
    await complete(id, facts, link);
    return true;
  } catch (error) {
    // Nothing had arrived, or it was thrown away: it is sent anew.
    if (error instanceof Problem && ["upload-differs", "not-found"].includes(error.kind)) return false;
    throw error;
  }
}

async function send(file, facts, { link }, meter) {
  const made = await link.api.post("/files", facts);
  await put(made.upload, file, (done) => (meter.value = done));
  await complete(made.file.id, facts, link);
}

async function complete(id, facts, { api }) {
  const key = JSON.stringify(facts);
  unsure.set(key, id);
  try {
    await api.post(`/files/${encodeURIComponent(id)}/complete`, {});
  } catch (error) {
    if (error instanceof Problem && (error.kind === NO_ANSWER || 500 <= error.status)) throw error;
    unsure.delete(key);
    throw error;
  }
  unsure.delete(key);
}

function refuse(line, problem, words) {
  slot(line, "meter").remove();
  sayWords(problem, words);
  return false;
}

function hex(digest) {
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Sends the bytes; only an old-fashioned request tells how far it is. */
function put({ url, method, headers }, file, onProgress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const failed = () => reject(new Problem({ kind: NO_ANSWER, title: "The file did not arrive" }));
    request.open(method, url);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.addEventListener("progress", ({ loaded, total }) => onProgress(loaded / total));
    request.addEventListener("load", () => (request.status < 300 ? resolve() : failed()));
    request.addEventListener("error", failed);
    request.send(file);
  });
}
