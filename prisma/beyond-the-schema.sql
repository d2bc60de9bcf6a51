-- What schema.prisma cannot say. Prisma leaves these alone.

-- There is one secret under which contacts are hashed.
ALTER TABLE "contact_key" ADD CONSTRAINT "contact_key_only_one" CHECK ("id" = 1);

-- Each list of open claims in its order, from its index alone: they are few among those of many years.
CREATE INDEX "open_claim_by_age" ON "claim"("waiting_since", "number") WHERE "outcome" IS NULL;
CREATE INDEX "open_claim_by_next" ON "claim"("next_at", "number") WHERE "outcome" IS NULL;
CREATE INDEX "open_claim_by_amount" ON "claim"("claimed_minor" DESC, "number") WHERE "outcome" IS NULL;
CREATE INDEX "open_claim_surveyor" ON "claim"("surveyor") WHERE "outcome" IS NULL;
-- By silence they have a column of their own. "Open" and "heard since then" depend on each other, and
-- PostgreSQL takes them for independent: it expected a tenth of the claims, and sorted fifty thousand to find
-- two hundred. Of a column it knows how many there are.
CREATE INDEX "claim_open_told_at_number_idx" ON "claim"("open_told_at", "number")
  WHERE "open_told_at" IS NOT NULL;

-- What waits is little, however much was done.
CREATE INDEX "open_follow_up" ON "follow_up"("branch", "since", "claim", "id") WHERE "done_at" IS NULL;
CREATE INDEX "inbox_untold" ON "inbox"("at") WHERE "told_at" IS NULL;
-- What claims were told lately, and a closed one may have missed.
CREATE INDEX "inbox_told" ON "inbox"("told_at")
  WHERE "kind" IN ('receipt', 'text') AND ("message"->>'outcome') IS DISTINCT FROM 'delivered';
-- Texts that the provider took and has reported nothing of since.
CREATE INDEX "notification_without_receipt" ON "notification"("at")
  WHERE "channel" = 'sms' AND "state" = 'accepted';

-- Parties by the encryption key that wraps theirs: retiring a key looks for them.
CREATE INDEX "party_wrapped_by" ON "party"(split_part("key", ':', 1));
