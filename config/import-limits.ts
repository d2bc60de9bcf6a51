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
  /** In one row of a table. A longer row has an unclosed quotation mark. */
  rowCharacters: 100_000,
};
