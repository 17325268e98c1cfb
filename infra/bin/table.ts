/** `npm run table`: writes `table.json` anew, after the table in `lib/data.ts` changed. */

import { writeFileSync } from "node:fs";

import { TABLE_FILE, tableText } from "../lib/table.js";

writeFileSync(TABLE_FILE, tableText());
