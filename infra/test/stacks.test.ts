/** What asks the templates of whole stages, in one process, so that each is synthesized once. */

import "./stacks/api.js";
import "./stacks/data.js";
import "./stacks/rights.js";
import "./stacks/runbook.js";
import "./stacks/worker.js";
