-- When the claimant last heard of us: open claims are listed by it, the longest silence first.
ALTER TABLE "claim" ADD COLUMN "told_at" TIMESTAMPTZ(3);
CREATE INDEX "claim_told_at_number_idx" ON "claim"("told_at", "number");
CREATE INDEX "open_claim_by_silence" ON "claim"("told_at", "number") WHERE "outcome" IS NULL;
