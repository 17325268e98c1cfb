/** What a guest signed or approved: who, when, and exactly which bytes. */

import { Problem } from "./api.js";
import { announce, element, fill, slot } from "./dom.js";
import { openFile } from "./guest_file.js";
import { inDoorway } from "./frames.js";
import { clearProblem, sayProblem, whileBusy } from "./press.js";
import { certificateWords, deedOf, othersWords, shortDigest, versionWords } from "./signing_words.js";
import { exactTime, relativeTime } from "./time.js";

/** Pauses before looking again whether the certificate is made, each twice the one before, and looks at the most. */
const LOOK_AGAIN_MILLISECONDS = 2_000;
const LOOKS_MAX = 5;

/**
 * The slots of a signature's facts.
 *
 * @param {any} signing @param {any} view of the guest
 */
export function signatureFacts({ asked }, { file: shown }) {
  const { signature } = asked;
  const { file } = signature;
  return {
    "signer-term": asked.act === "sign" ? "Signed by" : "Approved by",
    signer: [signature.name, element("small", { text: `${signature.email}, address confirmed` })],
    "signed-at": [exactTime(signature.at, "show"), element("small", {}, relativeTime(signature.at))],
    "signed-file": [versionWords(file, shown), element("small", { text: file.name })],
    "digest-start": `sha256 ${shortDigest(file.sha256)}`,
    digest: file.sha256,
  };
}

/** What to know besides: a newer version, how far the others are. @param {any} signing */
export function afterwardsWords(signing) {
  const { asked, newest } = signing;
  const { version } = asked.signature.file;
  const isNewer = newest && version < newest.version;
  const { done } = deedOf(asked.act);
  const newer = isNewer ? `Version ${newest.version} came later; you ${done} version ${version}, and that stays.` : "";
  return [newer, othersWords(signing), certificateWords(signing)].filter(Boolean).join(" ");
}

/** Whether what was signed is not what is shown now. @param {any} signing @param {any} view of the guest */
export function isOlderThanShown({ asked }, { file: shown }) {
  return asked.signature.file.id !== shown?.id;
}

/** The certificate, as a file to open. @param {any} signing */
export function certificateOf({ certificate_id: id }) {
  return id ? { id, name: "Certificate" } : null;
}

/**
 * The view after signing.
 *
 * @param {any} link @param {any} moves @param {any} signing
 */
export function showSigned(link, moves, signing) {
  const { view } = link;
  const read = scrollY;
  const title = `You ${deedOf(signing.asked.act).done} ${view.title}`;
  const values = { title, "back-words": view.title, ...signatureFacts(signing, view) };
  const place = inDoorway("signed", values, title);
  slot(place, "back").addEventListener("click", () => {
    moves.entered(view);
    scrollTo(0, read);
  });
  if (view.rights.includes("download")) onDownload(place, link, moves, signing);
  else fill(place, { download: null });
  offerOlder(place, link, moves, signing);
  let known = signing;
  slot(place, "certificate").addEventListener("click", () => openFile(certificateOf(known), link, moves));
  const tell = (now) => {
    known = now;
    fill(place, { words: afterwardsWords(now) || `${view.tenant.name} was told by mail.` });
    slot(place, "certificate").hidden = !now.certificate_id;
  };
  tell(signing);
  if (!signing.completed_at || signing.certificate_id) return;
  lookForCertificate(place, link, { looks: LOOKS_MAX, pause: LOOK_AGAIN_MILLISECONDS }, (found) => {
    tell(found);
    announce("The certificate is there.");
  });
}

function offerOlder(place, link, moves, signing) {
  const { file } = signing.asked.signature;
  fill(place, { older: isOlderThanShown(signing, link.view) ? `Read version ${file.version}` : null });
  slot(place, "older")?.addEventListener("click", () => openFile(file, link, moves));
}

function onDownload(place, link, moves, { asked }) {
  const button = slot(place, "download");
  const problem = slot(place, "problem");
  const { file } = asked.signature;
  const path = `/files/${encodeURIComponent(file.id)}/download`;
  const kind = /\.pdf$/i.test(file.name) ? "PDF" : "file";
  fill(place, { "download-words": `Download ${deedOf(asked.act).done} ${kind}` });
  button.addEventListener("click", async () => {
    clearProblem(problem);
    try {
      await whileBusy(button, "Opening…", () => link.api.download(path));
    } catch (error) {
      if (!moves.refused(error)) sayProblem(problem, error);
    }
  });
}

/** It is made within seconds of the last signature. Whoever has left by then hears of it by mail. */
function lookForCertificate(place, link, { looks, pause }, onFound) {
  if (looks === 0) return;
  const isThere = () => slot(place, "certificate") !== null;
  const again = () => lookForCertificate(place, link, { looks: looks - 1, pause: 2 * pause }, onFound);
  setTimeout(async () => {
    if (!isThere()) return;
    try {
      const signing = await link.api.get("/signatures");
      if (!isThere()) return;
      if (signing.certificate_id) onFound(signing);
      else again();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      again();
    }
  }, pause);
}
