import { z } from 'zod';
import type { Asking } from '../asking.ts';
import { loadSchema, shownStaffSchema, staffSchema, unitSchema, type StaffQuery } from '../schemas/staff.ts';
import { at, searchOf } from './addresses.ts';

/** Looking into the staff book. */
export const staffCalls = ({ one }: Asking) => ({
  staff: (query: StaffQuery = {}) => one({ path: `/staff?${searchOf(query)}`, answer: z.array(staffSchema) }),
  member: (code: string) => one({ path: at('staff', code), answer: shownStaffSchema }),
  load: (unit?: string) => one({ path: `/staff/load?${searchOf({ unit })}`, answer: loadSchema }),
  units: () => one({ path: '/units', answer: z.array(unitSchema) }),
});
