/** One act that was measured, in milliseconds from its sending. */
export interface Acted {
  act: string;
  /** Until the API answered. */
  answeredMs: number;
  /** Until somebody who looked after the answer saw the result in the claim. */
  shownMs: number;
}
