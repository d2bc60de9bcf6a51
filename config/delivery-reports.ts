/**
 * How long a text may be on its way before it counts as not arrived and another channel says it. Telephones
 * are off for a night;
 * providers keep trying for up to four hours by default.
 */
export const noReportAfterHours = 6;
