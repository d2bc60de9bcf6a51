/** Where claims' workflows and activities wait for a worker; the API starts claims on it. */
export const taskQueue = 'claims';
