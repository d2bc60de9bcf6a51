import { claim as ofClaim } from './claim/claim.ts';
import { notifyStaff as ofStaff } from './notify-staff.ts';

/** All types of workflows by their names in Temporal: the bundler's entry. */
export const claim = ofClaim;
export const notifyStaff = ofStaff;
