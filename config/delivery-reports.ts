/**
 * Hours after which a text without a delivery report counts as not arrived, and another channel is used.
 * Telephones are off for a night; providers keep trying for up to four hours by default.
 */
export const noReportAfterHours = 6;

/** Connections at once to the server for returned mail. Others are asked to come later. */
export const mailConnections = 20;
