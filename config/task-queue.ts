/** The task queue of claims' workflows and activities. The API starts claims on it. */
export const taskQueue = 'claims';
