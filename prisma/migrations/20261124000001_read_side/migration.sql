-- Every list in its order, from its index alone: of all claims, and of the open ones, which are few among those of many years.
DROP INDEX "claim_outcome_next_at_idx";
DROP INDEX "claim_outcome_waiting_since_idx";
DROP INDEX "expectation_from_since_idx";

CREATE INDEX "claim_waiting_since_number_idx" ON "claim"("waiting_since", "number");
CREATE INDEX "claim_next_at_number_idx" ON "claim"("next_at", "number");
CREATE INDEX "claim_claimed_minor_number_idx" ON "claim"("claimed_minor" DESC, "number");
CREATE INDEX "claim_stage_waiting_since_number_idx" ON "claim"("stage", "waiting_since", "number");
CREATE INDEX "claim_stage_next_at_number_idx" ON "claim"("stage", "next_at", "number");

-- Whoever has a role looks for the work of their branch: found without looking at the claims. Workers of the release before know no
-- such column and go on writing: what has no branch is seen by everybody who has the role, as in a branch without any.
ALTER TABLE "expectation" ADD COLUMN "branch" TEXT NOT NULL DEFAULT '';
UPDATE "expectation" SET "branch" = "claim"."branch" FROM "claim" WHERE "claim"."number" = "expectation"."claim";
CREATE INDEX "expectation_from_branch_since_claim_id_idx" ON "expectation"("from", "branch", "since", "claim", "id");
-- What is late with somebody, without looking at the rows.
CREATE INDEX "expectation_from_due_claim_idx" ON "expectation"("from", "due", "claim");

-- Prisma's schema cannot say these, and leaves them alone.
CREATE INDEX "open_claim_by_age" ON "claim"("waiting_since", "number") WHERE "outcome" IS NULL;
CREATE INDEX "open_claim_by_next" ON "claim"("next_at", "number") WHERE "outcome" IS NULL;
CREATE INDEX "open_claim_by_amount" ON "claim"("claimed_minor" DESC, "number") WHERE "outcome" IS NULL;
CREATE INDEX "open_claim_surveyor" ON "claim"("surveyor") WHERE "outcome" IS NULL;
