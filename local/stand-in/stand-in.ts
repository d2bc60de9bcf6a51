/** A program that plays a provider on this machine, for development, demonstrations and tests. */
export interface StandIn {
  url: string;
  stop(): Promise<void>;
}
