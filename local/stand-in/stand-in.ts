/** A provider that runs on this machine, for development, demonstrations and tests. */
export interface StandIn {
  url: string;
  stop(): Promise<void>;
}
