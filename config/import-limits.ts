/** How an import treats the department's systems. */
export const importLimits = {
  /** In one file. A larger file must be split, so that its mistakes show before weeks of filing. */
  rows: 1_000_000,
  /** Simultaneous requests to the API. */
  atOnce: 8,
  /** The engine's tasks that may wait for a worker before the import waits for them. */
  waitingTasks: 60,
  /** Failures of the API on one row before the row is rejected. The import waits for an unreachable API. */
  failures: 5,
  /** In one row of a table, or one line of JSON. A longer row has an unclosed quotation mark. */
  rowCharacters: 100_000,
};

/** How policies and staff are sent to the API, and how long what was sent is kept. */
export const bookLimits = {
  /** Rows of one request. */
  rowsAtOnce: 500,
  /** Of the body of one request. */
  bodyBytes: 8 * 1024 * 1024,
  /** Simultaneous requests of one import. */
  atOnce: 3,
  /** After so many hours rows that nobody has taken are dropped. */
  openHours: 24,
  /** After so many days the rejected rows of an import are deleted. */
  rejectsDays: 14,
};
