/**
 * `npm run order -- ORDER`, which `make admin`, `plan`, `export`, `erase` and `rotate` call where there is a `STAGE`:
 * has the operator function of that stage carry out an order. What it is about is read from the environment.
 */

import { carryOut, OrderFailed, readOrder } from "../lib/order.js";
import { contextWith, readSettings } from "../lib/settings.js";

try {
  const { STAGE: stage } = process.env;
  if (!stage) throw new OrderFailed("Say in which stage: STAGE=prod");
  const order = readOrder(process.argv[2], process.env);
  carryOut(order, readSettings(contextWith({ stage })), (line) => console.log(line));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
