/** `npm run cost`: prints what an environment costs; `npm run --silent cost > COST.md` writes the page anew. */

import { costText } from "../lib/cost/page.js";

process.stdout.write(costText());
