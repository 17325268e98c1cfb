/** What nobody counted, and is taken to be rather more than less. */

/** A month as AWS's own calculator has it. */
export const MONTH_HOURS = 730;
export const MONTH_DAYS = MONTH_HOURS / 24;
export const MONTH_MINUTES = MONTH_HOURS * 60;
export const MONTH_SECONDS = MONTH_MINUTES * 60;

/** Wait for one round trip to the table, to S3 and to SES. */
export const ROUND_MS = 6;
export const BUCKET_MS = 30;
export const MAIL_MS = 50;

/** Memory that comes with one whole processor; less memory is as much less of it. */
export const PROCESSOR_MB = 1769;

/** What marking a page takes of a whole processor (`crates/app/src/library/pages.rs`). */
export const MARKING_MS = 100;

/** Beside waiting: what one delivery to the worker takes, and a sweep, whose sixteen queries run at once. */
export const DELIVERY_MS = 5;
export const SWEEP_MS = 50;

/** Queries of a sweep, and the units of one that finds nothing. */
export const SWEEP_QUERIES = 16;
export const SWEEP_QUERY_UNITS = 0.5;

/** What SES tells of each mail: that it left, and that it arrived. */
export const NEWS_PER_MAIL = 2;

/** Longest a function is taken to wait for its next call; one that waited longer starts anew. */
export const WARM_MINUTES = 5;
export const WINDOWS = MONTH_MINUTES / WARM_MINUTES;
export const COLD_START_MS = 200;

/** Of each start: the secret itself, and the key for secret, table and bucket. */
export const KEY_CALLS_PER_START = 3;

/** Log lines of Lambda and the API about one call, of Lambda about one delivery; of the edge, as it packs them. */
export const CALL_LOG_BYTES = 1000;
export const DELIVERY_LOG_BYTES = 600;
export const EDGE_LOG_BYTES = 120;

/** What CloudWatch bills of a kept byte, which it packs. */
export const PACKED = 0.2;

/** Lambda traces the first call of each second, and one in twenty of the others. */
export const TRACED_BEYOND = 0.05;

/** What lies in the bucket: a thousand documents, each with ten pages in two widths. */
export const LIBRARY_GB = 5;

/** Months that the table fills before the month that is billed. */
export const TABLE_MONTHS = 12;
