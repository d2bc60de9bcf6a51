/** How an import treats the department's systems. */
export const importLimits = {
  /**
   * In one file: what is more is split, so that a mistaken file is found before a department files for weeks.
   */
  rows: 1_000_000,
  /** Messages on their way to the API at once. */
  atOnce: 8,
  /** The engine's tasks that may wait for a worker before the import waits for them. */
  waitingTasks: 60,
  /**
   * Times that the API may answer that it failed on a row before the row is rejected; one that is away is
   * waited for.
   */
  failures: 5,
  /** In one row of a table: more is a quotation mark that was never closed. */
  rowCharacters: 100_000,
};
