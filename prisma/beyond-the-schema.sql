-- Constraints and indexes that schema.prisma cannot express. Prisma does not change them.

-- Contacts are hashed with one secret.
ALTER TABLE "contact_key" ADD CONSTRAINT "contact_key_only_one" CHECK ("id" = 1);

-- People give policy numbers in small letters too; they are looked for in capitals.
ALTER TABLE "policy" ADD CONSTRAINT "policy_number_in_capitals" CHECK ("number" = upper("number"));

-- Each list of open claims in its order, from an index alone: open claims are few among those of many years.
CREATE INDEX "open_claim_by_age" ON "claim"("waiting_since", "number") WHERE "outcome" IS NULL;
CREATE INDEX "open_claim_by_next" ON "claim"("next_at", "number") WHERE "outcome" IS NULL;
CREATE INDEX "open_claim_by_amount" ON "claim"("claimed_minor" DESC, "number") WHERE "outcome" IS NULL;
CREATE INDEX "open_claim_by_number" ON "claim"("number") WHERE "outcome" IS NULL;
CREATE INDEX "open_claim_surveyor" ON "claim"("surveyor") WHERE "outcome" IS NULL;
-- Major claims whose handler is away: who is back is reported to them.
CREATE INDEX "open_claim_handler_away" ON "claim"("number") WHERE "outcome" IS NULL AND "state" ? 'handlerAway';
-- For the list by last contact, open claims have a column of their own. "Open" and "last contact" depend on
-- each other, but PostgreSQL takes them for independent: it expected a tenth of the claims, and sorted fifty
-- thousand to find two hundred. With a dedicated column it has accurate statistics.
CREATE INDEX "claim_open_last_contact_at_number_idx" ON "claim"("open_last_contact_at", "number")
  WHERE "open_last_contact_at" IS NOT NULL;

-- Open rows are few, however many are done.
CREATE INDEX "open_follow_up" ON "follow_up"("role", "branch", "since", "claim", "id") WHERE "done_at" IS NULL;
CREATE INDEX "inbox_to_forward" ON "inbox"("at") WHERE "forwarded_at" IS NULL;
-- Messages that were forwarded lately, and that a closed claim may have missed.
CREATE INDEX "inbox_forwarded" ON "inbox"("forwarded_at")
  WHERE "kind" IN ('delivery-report', 'text') AND ("message"->>'outcome') IS DISTINCT FROM 'delivered';
-- Texts that the provider accepted, without a delivery report since.
CREATE INDEX "notification_without_report" ON "notification"("at")
  WHERE "channel" = 'sms' AND "state" = 'accepted';

-- Parties by the encryption key that wraps their own. Retiring a key looks for them.
CREATE INDEX "party_wrapped_by" ON "party"(split_part("key", ':', 1));
-- Likewise versions of policies.
CREATE INDEX "policy_wrapped_by" ON "policy"(split_part("key", ':', 1)) WHERE "key" IS NOT NULL;

-- What the rules released lately: a few of all payments.
CREATE INDEX "payment_by_rules" ON "payment"("placed_at") WHERE "by_rules";

-- Claims by the tail of their number, which is what text messages give.
CREATE INDEX "claim_tail" ON "claim"(right("number", 5));
