-- By when the claimant of an open claim is to hear something again: the silence that its rules allow. Workers of the release before
-- know no such column and go on writing; it is null until the claim is next written, or the records are rebuilt.
ALTER TABLE "claim" ADD COLUMN "hear_by" TIMESTAMPTZ(3);
CREATE INDEX "claim_hear_by_number_idx" ON "claim"("hear_by", "number");
