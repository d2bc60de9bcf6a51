import { z } from 'zod';

/**
 * What the API answers, as far as the command line shows it; fields that it doesn't know are kept for --json.
 */
const instant = z.iso.datetime();

export const waiting = z.looseObject({
  from: z.string(),
  what: z.string(),
  since: instant,
  due: instant,
  item: z.string().nullish(),
  promised: instant.nullish(),
  next: z.looseObject({ do: z.string(), at: instant }),
});

export const listed = z.looseObject({
  claim: z.string(),
  line: z.string(),
  stage: z.string(),
  outcome: z.string().nullish(),
  handler: z.string(),
  claimed: z.string().nullish(),
  currency: z.string().nullish(),
  stageSince: instant,
  toldAt: instant.nullish(),
  hearBy: instant.nullish(),
  isSilent: z.boolean().default(false),
  waitingOn: z.array(waiting),
});

const shownItem = z.looseObject({
  id: z.string(),
  object: z.string(),
  party: z.string(),
  stage: z.string(),
  claimed: z.string(),
  documents: z.array(z.looseObject({ kind: z.string(), state: z.string(), by: z.string().nullish() })),
  assessment: z
    .looseObject({
      version: z.number(),
      amount: z.string(),
      by: z.string(),
      cuts: z.array(z.looseObject({ reason: z.string(), amount: z.string() })).nullish(),
    })
    .nullish(),
  clock: z
    .looseObject({
      state: z.string(),
      due: instant,
      article: z.string().nullish(),
      pausedSince: instant.nullish(),
      reached: z.string().nullish(),
    })
    .nullish(),
  payable: z.string().nullish(),
  of: z.string().nullish(),
  approvals: z.array(z.looseObject({ by: z.string(), at: instant })),
  approvalsNeeded: z.number().nullish(),
  risk: z.looseObject({ points: z.number(), factors: z.array(z.string()) }).nullish(),
  refusal: z
    .looseObject({
      clause: z.string(),
      reasons: z.array(z.string()),
      by: z.string(),
      confirmedBy: z.string().nullish(),
    })
    .nullish(),
  payment: z
    .looseObject({ id: z.string(), state: z.string(), amount: z.string(), reason: z.string().nullish() })
    .nullish(),
  outcome: z.looseObject({ kind: z.string() }).nullish(),
});

export const notification = z.looseObject({
  id: z.string(),
  kind: z.string(),
  channel: z.string(),
  to: z.string(),
  state: z.string(),
  at: instant,
  errorCode: z.string().nullish(),
});

export const shown = listed.extend({
  noticedAt: instant,
  policy: z.string(),
  lossAt: instant,
  currency: z.string(),
  urgency: z.string(),
  branch: z.string(),
  pack: z.string().nullish(),
  surveyor: z.string().nullish(),
  problems: z.array(z.looseObject({ id: z.string(), what: z.string(), since: instant })),
  undelivered: z.array(z.looseObject({ id: z.string(), kind: z.string(), code: z.string() })).default([]),
  letters: z.array(z.string()).default([]),
  unreached: z.array(z.looseObject({ party: z.string(), notification: z.string() })).default([]),
  parties: z.array(
    z.looseObject({ id: z.string(), role: z.string(), lost: z.record(z.string(), z.string()).default({}) }),
  ),
  followUps: z.array(z.looseObject({ id: z.string(), what: z.string(), since: instant })).default([]),
  items: z.array(shownItem),
  notifications: z.array(notification),
  unsent: z
    .array(
      z.looseObject({
        id: z.string(),
        kind: z.string(),
        channel: z.string(),
        to: z.string(),
        notBefore: instant.nullish(),
      }),
    )
    .default([]),
});

export const filed = z.looseObject({ kind: z.enum(['filed', 'already-filed']), claim: z.string() });
export const consent = z.looseObject({ claims: z.array(z.string()) });
export const recorded = z.looseObject({ kind: z.string(), seq: z.number().optional() });
export const said = notification.extend({
  subject: z.string().nullish(),
  text: z.string(),
  html: z.string().nullish(),
});
export const notice = z.looseObject({
  source: z.string(),
  reference: z.string(),
  at: instant,
  place: z.string(),
  description: z.string(),
});
export const note = z.looseObject({ id: z.string(), by: z.string(), at: instant, text: z.string() });
export const contact = z.looseObject({
  name: z.string(),
  phone: z.string().nullish(),
  email: z.string().nullish(),
  locale: z.string().nullish(),
  timeZone: z.string().nullish(),
});
export const attachment = z.looseObject({
  sha256: z.string(),
  type: z.string(),
  size: z.number(),
  document: z.string(),
  item: z.string().nullish(),
  by: z.string(),
  at: instant,
});
export const standing = z.looseObject({ claim: z.string(), problem: z.string(), parts: z.array(z.string()) });
export const task = waiting.extend({
  claim: z.string(),
  id: z.string(),
  followUp: z.string().optional(),
});
export const staff = z.looseObject({
  code: z.string(),
  name: z.string(),
  roles: z.array(z.string()),
  branch: z.string(),
  active: z.boolean(),
  waiting: z.number().optional(),
});
export const health = z.looseObject({
  status: z.string(),
  parts: z.array(
    z.looseObject({
      name: z.string(),
      ok: z.boolean(),
      detail: z.string().nullish(),
      waiting: z.number().nullish(),
    }),
  ),
});
export const problem = z.looseObject({
  title: z.string(),
  status: z.number(),
  detail: z.string(),
  reason: z.string().optional(),
  field: z.string().optional(),
  problems: z.array(z.object({ field: z.string(), detail: z.string() })).optional(),
});

export type Waiting = z.infer<typeof waiting>;
export type Listed = z.infer<typeof listed>;
export type Shown = z.infer<typeof shown>;
export type ShownItem = z.infer<typeof shownItem>;
export type Standing = z.infer<typeof standing>;
export type Staff = z.infer<typeof staff>;
export type Task = z.infer<typeof task>;
export type Attachment = z.infer<typeof attachment>;
export type Contact = z.infer<typeof contact>;
export type Note = z.infer<typeof note>;
export type Said = z.infer<typeof said>;

export const rebuilt = z.object({ kind: z.literal('rebuilt'), claims: z.number(), entries: z.number() });
export const keyUse = z.looseObject({
  id: z.string(),
  here: z.boolean(),
  encrypts: z.boolean(),
  parties: z.number(),
  contacts: z.boolean(),
  messages: z.boolean(),
  histories: z.number().nullable(),
});
export type KeyUse = z.infer<typeof keyUse>;
export const rewrapped = z.looseObject({
  parties: z.number(),
  messages: z.number(),
  next: z.string().optional(),
});
export const checked = z.object({
  claims: z.number(),
  entries: z.number(),
  broken: z.array(z.object({ claim: z.string(), at: z.number() })),
});
