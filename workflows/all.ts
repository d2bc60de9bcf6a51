import { claim as ofClaim } from './claim/claim.ts';
import { notifyStaff as ofStaff } from './notify-staff.ts';
import { watchClaims as ofWatch } from './watch-claims.ts';

/** All types of workflows by their names in Temporal: the bundler's entry. */
export const claim = ofClaim;
export const notifyStaff = ofStaff;
export const watchClaims = ofWatch;
