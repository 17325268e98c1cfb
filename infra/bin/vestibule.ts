/** The app that the CDK's command line runs. */

import { App } from "aws-cdk-lib";

import { addChecks, addStacks } from "../lib/app.js";

const app = new App();
addStacks(app);
addChecks(app);
app.synth();
