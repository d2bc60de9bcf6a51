/** The number of the n-th policy. */
export const policyNumberOf = (nth: number): string => `LK26-${String(nth).padStart(8, '0')}`;

/** The plate of its vehicle; each tenth policy is of a household and has none. */
export const plateOf = (nth: number): string => `鲁F·${nth.toString(36).toUpperCase().padStart(6, '0')}`;

/** The telephone of its holder, E.164. */
export const phoneOf = (nth: number): string => `+8613${String(100_000_000 + nth)}`;

/**
 * Policies as lines of an import, the same ones each time: nine of ten for a vehicle with its holder and,
 * every third, a driver; each tenth for a household in the United States. Every twentieth has an endorsement
 * in the middle of its year.
 */
export function* policyLines(count: number): Generator<string> {
  for (let nth = 0, rows = 0; rows < count; nth += 1)
    for (const row of rowsOf(nth)) {
      if (rows === count) return;
      rows += 1;
      yield `${JSON.stringify(row)}\n`;
    }
}

function rowsOf(nth: number): object[] {
  if (nth % 10 === 0) return [household(nth)];
  const whole = { from: startOf(nth, 2026), to: startOf(nth, 2027) };
  if (nth % 20 !== 1) return [vehicle(nth, '0', whole, '500000.00')];
  const middle = '2026-12-31';
  return [
    vehicle(nth, '0', { ...whole, to: middle }, '500000.00'),
    vehicle(nth, '1', { ...whole, from: middle }, '800000.00'),
  ];
}

/** Policies begin on all days of a year. */
const startOf = (nth: number, year: number): string =>
  new Date(Date.UTC(year, 0, 1 + (nth % 360))).toISOString().slice(0, 10);

const vehicle = (nth: number, endorsement: string, period: object, sumInsured: string) => ({
  number: policyNumberOf(nth),
  endorsement,
  line: 'motor',
  jurisdiction: 'CN',
  branch: 'longkou',
  currency: 'CNY',
  ...period,
  people: [
    {
      role: 'policyholder',
      name: `投保人${nth}`,
      phone: phoneOf(nth),
      address: `烟台市龙口市东城区港城大道${nth}号`,
      identity: `370681${19500101 + (nth % 400_000)}${String(nth % 1000).padStart(3, '0')}X`,
    },
    ...(nth % 3 === 0
      ? [{ role: 'driver', name: `驾驶人${nth}`, phone: `+8615${String(100_000_000 + nth)}` }]
      : []),
  ],
  objects: [
    {
      object: 'insured-vehicle',
      plate: plateOf(nth),
      vin: `LSVAM4187C${String(nth).padStart(7, '0')}`,
      model: '大众帕萨特',
      sumInsured,
      excess: '500.00',
    },
    { object: 'third-party-vehicle', sumInsured: '1000000.00' },
  ],
});

const household = (nth: number) => ({
  number: policyNumberOf(nth),
  endorsement: '0',
  line: 'contents',
  jurisdiction: 'US',
  branch: 'washington',
  currency: 'USD',
  from: startOf(nth, 2026),
  to: startOf(nth, 2027),
  people: [{ role: 'policyholder', name: `Holder ${nth}`, email: `holder.${nth}@example.com` }],
  objects: [
    { object: 'contents', address: `${nth} Main Street, Washington DC`, sumInsured: '20000', excess: '500' },
  ],
});
