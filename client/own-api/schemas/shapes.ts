import { z } from 'zod';

/** Shapes that several answers use. */

export const instant = z.iso.datetime().meta({ examples: ['2026-11-23T08:00:00.000Z'] });

export const amount = z
  .string()
  .meta({ description: "Decimal notation in the claim's currency", examples: ['4800.00'] });
