import { z } from 'zod';
import { isOffset } from '../../domain/time/calendar.ts';
import { notificationChannels, notificationKinds } from '../../domain/messages/notifications.ts';
import { partyKinds } from '../../domain/people/people.ts';
import { itemEnds, itemSteps, reopenedAt } from '../../domain/road/steps.ts';
import { policyCovers, riskFactors } from '../../domain/rules/pack.ts';

const offset = z
  .string()
  .refine(isOffset, 'must be an ISO 8601 duration such as P3D, or working days such as 10wd');
const minor = z.int().nonnegative();
const hours = z.int().nonnegative();
const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'must be a time of day such as 08:00');
const currency = z.string().length(3, 'must be a currency such as CNY');

const documentRule = z.strictObject({
  kind: z.string(),
  scope: z.enum(['claim', 'item']),
  objects: z.array(z.string()).optional(),
  aboveMinor: z.record(z.string(), minor).optional(),
  from: z.enum(partyKinds),
  ladder: z.string(),
  notBefore: offset.optional(),
  substitutes: z.array(z.string()),
});

const riskRule = z.strictObject({
  factor: z.enum(riskFactors),
  points: z.int().nonnegative(),
  limit: z.int().nonnegative().optional(),
});

/** The objects, the documents and the limits of a line. Amounts are minor units of `currency`. */
export const lineSchema = z.strictObject({
  line: z.string(),
  currency,
  objects: z.record(z.string(), z.strictObject({ owner: z.enum(['customer', 'third-party']) })),
  causes: z.array(z.string().regex(/^[a-z][a-z0-9-]{0,49}$/, 'must be a code such as hail')).min(1),
  documents: z.array(documentRule),
  automatic: z.strictObject({
    verifyUpToMinor: minor,
    verifyNoticeWithinHours: z.int().nonnegative(),
    payUpToMinor: minor,
    oneHandUpToMinor: minor,
    payBelowRisk: z.int().nonnegative(),
    aDayMinor: minor,
  }),
  review: z
    .array(z.strictObject({ upToMinor: minor.optional(), approvals: z.int().min(1) }))
    .min(1)
    .refine(
      (bands) => bands.findIndex(({ upToMinor }) => upToMinor === undefined) === bands.length - 1,
      'must end with one band without upToMinor, so that every amount has its approvals',
    ),
  separateAboveMinor: minor,
  scenePhotographs: z.array(z.string()),
  surveyAboveMinor: minor.optional(),
  majorFromMinor: minor,
  staffing: z.strictObject({
    noNewWorkDays: z.int().nonnegative(),
    longAbsence: offset,
    unseenAfter: offset,
  }),
  risk: z.array(riskRule),
  proofValidFor: offset,
  approvalsValidFor: offset,
  askBankAgainAfter: offset,
  promises: z.strictObject({ atMost: offset }),
  together: z.strictObject({
    policyCovers: z.enum(policyCovers),
    policyHours: hours,
    accountHours: hours,
    vehicleHours: hours,
    duplicateDays: hours,
    atMost: z.int().min(1),
  }),
  sumInsured: z.enum(['each-loss', 'whole-policy']),
  returns: z.record(z.string(), z.array(z.enum(itemSteps)).min(1)),
  cutReasons: z.array(z.string()).min(1),
  waiveReasons: z.array(z.string()).min(1),
  appointReasons: z.array(z.string()).min(1),
  reopenReasons: z.record(
    z.string(),
    z.strictObject({
      of: z
        .partialRecord(z.enum(itemEnds), z.enum(reopenedAt))
        .refine((of) => Object.keys(of).length > 0, 'must name what it reopens')
        .refine(
          (of) =>
            Object.entries(of).every(([end, to]) => (end === 'withdrawn') === (to === 'where-it-stood')),
          'reopens where it stood what was withdrawn, and nothing else',
        ),
      byOthers: z.literal(true).optional(),
      isAppeal: z.literal(true).optional(),
    }),
  ),
});

const contactHours = z.strictObject({ from: time, to: time });

/** 0 hours between chases means no minimum. */
const caps = z.strictObject({ smsADay: z.int().positive(), hoursBetweenChases: z.int().nonnegative() });

/** The law of a place, and the insurer's promises there. */
export const jurisdictionSchema = z.strictObject({
  jurisdiction: z.string(),
  currency,
  clocks: z.strictObject({
    decision: z.strictObject({ article: z.string().min(1), within: offset, warnAfter: offset }).optional(),
  }),
  expected: z.strictObject({ survey: offset, decision: offset, payment: offset }),
  contactHours,
  caps,
  refusalReasons: z.record(z.string(), z.array(z.string()).min(1)),
  appeals: z.strictObject({ within: offset, article: z.string().min(1).optional() }),
});

const rung = z
  .strictObject({
    after: offset,
    do: z.enum(['chase', 'call', 'escalate', 'write', 'remind', 'inquire']),
    by: z.enum(notificationChannels).optional(),
    to: z.enum(['handler', 'supervisor', 'manager', 'executive', 'operations']).optional(),
  })
  .refine((each) => each.do !== 'escalate' || each.to, 'escalates, so it must have a role (to)');

export const laddersSchema = z.strictObject({
  ladders: z.record(z.string(), z.array(rung).min(1, 'must have at least one rung')),
});

/**
 * The channels of each kind of notification, the longest time without contact, and the time for gathering
 * documents.
 */
export const channelsSchema = z.strictObject({
  channels: z.record(z.enum(notificationKinds), z.array(z.enum(notificationChannels)).min(1)),
  heartbeat: offset,
  collapse: offset.nullable(),
});

const scaled = z
  .string()
  .regex(
    /^(ladders\.[\w-]+|clocks|heartbeat|documents\.notBefore)$/,
    'must be ladders.<name>, clocks, heartbeat or documents.notBefore',
  );

/** Scales for the times in the other parts. A time without a scale stays as it is. */
export const paceSchema = z.strictObject({
  /** The purpose of this pace. */
  about: z.string().min(1),
  scales: z
    .array(
      z.strictObject({
        aDayIs: z.string().regex(/^PT\d+[SMH]$/, 'must be seconds, minutes or hours, such as PT10S'),
        of: z.array(scaled).min(1),
        because: z.string().min(1),
      }),
    )
    .superRefine((scales, { addIssue }) => {
      const named = scales.flatMap(({ of }) => of);
      const twice = named.find((name, index) => named.indexOf(name) !== index);
      if (twice) addIssue(`names ${twice} twice`);
    }),
  contactHours: contactHours.optional(),
  caps: caps.optional(),
  /** null: documents are not gathered. */
  collapse: z.null().optional(),
});

export type Line = z.infer<typeof lineSchema>;
export type Jurisdiction = z.infer<typeof jurisdictionSchema>;
export type Ladders = z.infer<typeof laddersSchema>;
export type Channels = z.infer<typeof channelsSchema>;
export type Pace = z.infer<typeof paceSchema>;

/**
 * The parts that the rules of a line in a jurisdiction are made of, by name (`rules/compositions.json`). So
 * `line` is a part's name: `motor-us` may be the part of motor claims in US.
 */
export const compositionsSchema = z
  .array(
    z.strictObject({
      line: z.string(),
      jurisdiction: z.string(),
      ladders: z.array(z.string()).min(1),
      channels: z.string(),
    }),
  )
  .min(1, 'must have at least one line');

export type Composition = z.infer<typeof compositionsSchema>[number];
