-- Made by `npm run migration` from prisma/schema.prisma, prisma/beyond-the-schema.sql and records/sql.

-- CreateTable
CREATE TABLE "person" (
    "code" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "phone" TEXT,
    "roles" TEXT[],
    "branch" TEXT NOT NULL,
    "limits" JSONB NOT NULL,
    "conflicts" TEXT[],
    "active" BOOLEAN NOT NULL DEFAULT true,
    "locale" TEXT NOT NULL DEFAULT 'zh-CN',
    "time_zone" TEXT NOT NULL DEFAULT 'Asia/Shanghai',
    "languages" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "deputies" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "absences" JSONB NOT NULL DEFAULT '[]',
    "leaves_on" DATE,
    "import" TEXT,
    "former" JSONB,

    CONSTRAINT "person_pkey" PRIMARY KEY ("code")
);

-- CreateTable
CREATE TABLE "unit" (
    "code" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "above" TEXT,
    "import" TEXT,
    "former" JSONB,

    CONSTRAINT "unit_pkey" PRIMARY KEY ("code")
);

-- CreateTable
CREATE TABLE "planned_person" (
    "code" TEXT NOT NULL,
    "from" TIMESTAMPTZ(3) NOT NULL,
    "row" JSONB NOT NULL,
    "by" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "import" TEXT,
    "fault" TEXT,

    CONSTRAINT "planned_person_pkey" PRIMARY KEY ("code","from")
);

-- CreateTable
CREATE TABLE "policy" (
    "number" TEXT NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "endorsement" TEXT NOT NULL DEFAULT '0',
    "line" TEXT NOT NULL,
    "jurisdiction" TEXT NOT NULL,
    "branch" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "valid_from" TIMESTAMPTZ(3) NOT NULL,
    "valid_to" TIMESTAMPTZ(3) NOT NULL,
    "objects" JSONB NOT NULL,
    "people" JSONB NOT NULL DEFAULT '[]',
    "wording" TEXT,
    "special" JSONB NOT NULL DEFAULT '[]',
    "sealed" TEXT,
    "key" TEXT,
    "content" TEXT NOT NULL DEFAULT '',
    "import" TEXT,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "replaced_at" TIMESTAMPTZ(3),
    "replaced_by" TEXT,

    CONSTRAINT "policy_pkey" PRIMARY KEY ("number","version")
);

-- CreateTable
CREATE TABLE "policy_mark" (
    "mark" TEXT NOT NULL,
    "number" TEXT NOT NULL,

    CONSTRAINT "policy_mark_pkey" PRIMARY KEY ("mark","number")
);

-- CreateTable
CREATE TABLE "book_import" (
    "id" TEXT NOT NULL,
    "book" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "by" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "state" TEXT NOT NULL DEFAULT 'open',
    "counts" JSONB NOT NULL DEFAULT '{}',
    "ended_at" TIMESTAMPTZ(3),
    "undoes" TEXT,

    CONSTRAINT "book_import_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "staged_row" (
    "import" TEXT NOT NULL,
    "line" INTEGER NOT NULL,
    "key" TEXT NOT NULL,
    "row" JSONB NOT NULL,
    "reject" JSONB,

    CONSTRAINT "staged_row_pkey" PRIMARY KEY ("import","line")
);

-- CreateTable
CREATE TABLE "claim_look" (
    "claim" TEXT NOT NULL,
    "by" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "look_by" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "claim_look_pkey" PRIMARY KEY ("claim")
);

-- CreateTable
CREATE TABLE "party" (
    "claim" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "locale" TEXT NOT NULL,
    "time_zone" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "sealed" TEXT NOT NULL,
    "revision" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "party_pkey" PRIMARY KEY ("claim","id")
);

-- CreateTable
CREATE TABLE "notice" (
    "claim" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "reference" TEXT NOT NULL,
    "party" TEXT NOT NULL,
    "sealed" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "notice_pkey" PRIMARY KEY ("claim")
);

-- CreateTable
CREATE TABLE "note" (
    "id" TEXT NOT NULL,
    "claim" TEXT NOT NULL,
    "by" TEXT NOT NULL,
    "party" TEXT NOT NULL,
    "sealed" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "note_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "journal_entry" (
    "claim" TEXT NOT NULL,
    "seq" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "by" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "entry" TEXT NOT NULL,
    "previous_hash" TEXT NOT NULL,
    "hash" TEXT NOT NULL,

    CONSTRAINT "journal_entry_pkey" PRIMARY KEY ("claim","seq")
);

-- CreateTable
CREATE TABLE "claim" (
    "number" TEXT NOT NULL,
    "line" TEXT NOT NULL,
    "jurisdiction" TEXT NOT NULL,
    "branch" TEXT NOT NULL,
    "stage" TEXT NOT NULL,
    "stage_since" TIMESTAMPTZ(3) NOT NULL,
    "outcome" TEXT,
    "handler" TEXT NOT NULL,
    "surveyor" TEXT NOT NULL,
    "urgency" TEXT NOT NULL,
    "problem" TEXT,
    "claimed_minor" BIGINT NOT NULL,
    "stakes" JSONB NOT NULL DEFAULT '{}',
    "currency" TEXT NOT NULL,
    "opened_at" TIMESTAMPTZ(3) NOT NULL,
    "next_at" TIMESTAMPTZ(3),
    "waiting_since" TIMESTAMPTZ(3),
    "last_contact_at" TIMESTAMPTZ(3) NOT NULL,
    "open_last_contact_at" TIMESTAMPTZ(3),
    "next_contact_by" TIMESTAMPTZ(3),
    "seq" INTEGER NOT NULL,
    "state" JSONB NOT NULL,

    CONSTRAINT "claim_pkey" PRIMARY KEY ("number")
);

-- CreateTable
CREATE TABLE "expectation" (
    "claim" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "from" TEXT NOT NULL,
    "what" TEXT NOT NULL,
    "item" TEXT,
    "since" TIMESTAMPTZ(3) NOT NULL,
    "due" TIMESTAMPTZ(3) NOT NULL,
    "next_do" TEXT NOT NULL,
    "next_at" TIMESTAMPTZ(3) NOT NULL,
    "rung" INTEGER NOT NULL,
    "branch" TEXT NOT NULL,
    "minor" BIGINT,

    CONSTRAINT "expectation_pkey" PRIMARY KEY ("claim","id")
);

-- CreateTable
CREATE TABLE "notification" (
    "claim" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "seq" INTEGER NOT NULL,
    "channel" TEXT NOT NULL,
    "reference" TEXT NOT NULL,
    "recipient" TEXT NOT NULL,
    "template" TEXT NOT NULL,
    "locale" TEXT NOT NULL,
    "sealed" TEXT NOT NULL,
    "body_sha256" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "attempt" INTEGER NOT NULL DEFAULT 0,
    "lease_until" TIMESTAMPTZ(3),
    "provider_id" TEXT,
    "error_code" TEXT,
    "segments" INTEGER,
    "planned_at" TIMESTAMPTZ(3) NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "purpose" TEXT NOT NULL,
    "facts" JSONB NOT NULL,
    "contact" TEXT,
    "not_before" TIMESTAMPTZ(3),
    "taken_at" TIMESTAMPTZ(3),

    CONSTRAINT "notification_pkey" PRIMARY KEY ("claim","kind","seq","channel")
);

-- CreateTable
CREATE TABLE "contact_event" (
    "id" BIGSERIAL NOT NULL,
    "contact" TEXT NOT NULL,
    "channel" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "by" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "contact_event_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "inbox" (
    "id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "claim" TEXT,
    "message" JSONB,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "forwarded_at" TIMESTAMPTZ(3),

    CONSTRAINT "inbox_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "follow_up" (
    "claim" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "branch" TEXT NOT NULL,
    "role" TEXT NOT NULL DEFAULT 'operations',
    "what" TEXT NOT NULL,
    "since" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "done_at" TIMESTAMPTZ(3),
    "done_by" TEXT,
    "how" TEXT,

    CONSTRAINT "follow_up_pkey" PRIMARY KEY ("claim","id")
);

-- CreateTable
CREATE TABLE "attachment" (
    "sha256" TEXT NOT NULL,
    "claim" TEXT NOT NULL,
    "party" TEXT NOT NULL,
    "file" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "size" INTEGER NOT NULL,
    "document" TEXT NOT NULL,
    "item" TEXT,
    "by" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "attachment_pkey" PRIMARY KEY ("claim","sha256","document","party")
);

-- CreateTable
CREATE TABLE "revoked_token" (
    "id" TEXT NOT NULL,
    "by" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "revoked_token_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "personal_look" (
    "id" BIGSERIAL NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "by" TEXT NOT NULL,
    "roles" TEXT[],
    "claims" TEXT[],
    "policies" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "party" TEXT,
    "what" TEXT NOT NULL,
    "purpose" TEXT,
    "because" TEXT NOT NULL,
    "note" TEXT,

    CONSTRAINT "personal_look_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "encryption_key" (
    "id" TEXT NOT NULL,
    "fingerprint" TEXT NOT NULL,
    "encrypted_from" TIMESTAMPTZ(3),
    "encrypted_at" TIMESTAMPTZ(3),
    "rewrapped_at" TIMESTAMPTZ(3),

    CONSTRAINT "encryption_key_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "root_key" (
    "id" TEXT NOT NULL,
    "since" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "root_key_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "contact_key" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "key" TEXT NOT NULL,

    CONSTRAINT "contact_key_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "claim_mark" (
    "claim" TEXT NOT NULL,
    "mark" TEXT NOT NULL,
    "loss_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "claim_mark_pkey" PRIMARY KEY ("claim","mark")
);

-- CreateTable
CREATE TABLE "payment" (
    "id" TEXT NOT NULL,
    "claim" TEXT NOT NULL,
    "item" TEXT NOT NULL,
    "policy" TEXT NOT NULL,
    "loss_at" TIMESTAMPTZ(3) NOT NULL,
    "account" TEXT NOT NULL,
    "people" TEXT[],
    "object" TEXT NOT NULL,
    "amount_minor" BIGINT NOT NULL,
    "excess_minor" BIGINT NOT NULL,
    "currency" TEXT NOT NULL,
    "of" TEXT NOT NULL,
    "by_rules" BOOLEAN NOT NULL,
    "placed_at" TIMESTAMPTZ(3) NOT NULL,
    "answer" TEXT,

    CONSTRAINT "payment_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "staff_notification" (
    "reference" TEXT NOT NULL,
    "person" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "state" TEXT NOT NULL,
    "lease_until" TIMESTAMPTZ(3),
    "provider_id" TEXT,
    "error_code" TEXT,
    "contact" TEXT NOT NULL,

    CONSTRAINT "staff_notification_pkey" PRIMARY KEY ("reference")
);

-- CreateTable
CREATE TABLE "staff_notification_task" (
    "person" TEXT NOT NULL,
    "claim" TEXT NOT NULL,
    "expectation" TEXT NOT NULL,
    "since" TIMESTAMPTZ(3) NOT NULL,
    "rung" INTEGER NOT NULL,
    "reference" TEXT NOT NULL,

    CONSTRAINT "staff_notification_task_pkey" PRIMARY KEY ("person","claim","expectation","since","rung")
);

-- CreateTable
CREATE TABLE "claim_owner" (
    "claim" TEXT NOT NULL,
    "run" TEXT NOT NULL,
    "since" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "claim_owner_pkey" PRIMARY KEY ("claim")
);

-- CreateTable
CREATE TABLE "unwell_claim" (
    "claim" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "detail" TEXT,
    "since" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "unwell_claim_pkey" PRIMARY KEY ("claim")
);

-- CreateTable
CREATE TABLE "signed_line" (
    "id" BIGSERIAL NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "by" TEXT NOT NULL,
    "act" TEXT NOT NULL,
    "claim" TEXT,
    "proof" JSONB NOT NULL,

    CONSTRAINT "signed_line_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "person_change" (
    "id" BIGSERIAL NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "code" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "by" TEXT,
    "planned_at" TIMESTAMPTZ(3),
    "before" JSONB,
    "after" JSONB,

    CONSTRAINT "person_change_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "unit_change" (
    "id" BIGSERIAL NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "code" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "by" TEXT,
    "before" JSONB,
    "after" JSONB,

    CONSTRAINT "unit_change_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "policy_change" (
    "number" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "what" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "role" TEXT NOT NULL,
    "hash" BYTEA NOT NULL,

    CONSTRAINT "policy_change_pkey" PRIMARY KEY ("number","version","what")
);

-- CreateTable
CREATE TABLE "records_check" (
    "id" BIGSERIAL NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "by" TEXT NOT NULL,
    "began" TIMESTAMPTZ(3) NOT NULL,
    "seconds" DOUBLE PRECISION NOT NULL,
    "claims" INTEGER NOT NULL,
    "entries" INTEGER NOT NULL,
    "found" INTEGER NOT NULL,
    "findings" JSONB NOT NULL,
    "anchored" JSONB,

    CONSTRAINT "records_check_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "retention_plan" (
    "id" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "by" TEXT NOT NULL,
    "claims" TEXT[],
    "classes" JSONB NOT NULL,
    "run_by" TEXT,
    "run_at" TIMESTAMPTZ(3),
    "retired" JSONB NOT NULL DEFAULT '{}',
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "retention_plan_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "set_aside_key" (
    "claim" TEXT NOT NULL,
    "party" TEXT NOT NULL,
    "wrapped" TEXT NOT NULL,
    "archive_key" TEXT NOT NULL,
    "law" TEXT NOT NULL,
    "until" TIMESTAMPTZ(3) NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "set_aside_key_pkey" PRIMARY KEY ("claim","party")
);

-- CreateIndex
CREATE INDEX "policy_import_number_idx" ON "policy"("import", "number");

-- CreateIndex
CREATE INDEX "staged_row_import_key_idx" ON "staged_row"("import", "key");

-- CreateIndex
CREATE INDEX "claim_look_look_by_idx" ON "claim_look"("look_by");

-- CreateIndex
CREATE UNIQUE INDEX "notice_source_reference_key" ON "notice"("source", "reference");

-- CreateIndex
CREATE INDEX "note_claim_idx" ON "note"("claim");

-- CreateIndex
CREATE INDEX "claim_waiting_since_number_idx" ON "claim"("waiting_since", "number");

-- CreateIndex
CREATE INDEX "claim_next_at_number_idx" ON "claim"("next_at", "number");

-- CreateIndex
CREATE INDEX "claim_last_contact_at_number_idx" ON "claim"("last_contact_at", "number");

-- CreateIndex
CREATE INDEX "claim_next_contact_by_number_idx" ON "claim"("next_contact_by", "number");

-- CreateIndex
CREATE INDEX "claim_claimed_minor_number_idx" ON "claim"("claimed_minor" DESC, "number");

-- CreateIndex
CREATE INDEX "claim_stage_waiting_since_number_idx" ON "claim"("stage", "waiting_since", "number");

-- CreateIndex
CREATE INDEX "claim_stage_next_at_number_idx" ON "claim"("stage", "next_at", "number");

-- CreateIndex
CREATE INDEX "claim_handler_outcome_idx" ON "claim"("handler", "outcome");

-- CreateIndex
CREATE INDEX "expectation_from_branch_since_claim_id_idx" ON "expectation"("from", "branch", "since", "claim", "id");

-- CreateIndex
CREATE INDEX "expectation_from_due_claim_idx" ON "expectation"("from", "due", "claim");

-- CreateIndex
CREATE INDEX "expectation_claim_from_due_idx" ON "expectation"("claim", "from", "due");

-- CreateIndex
CREATE UNIQUE INDEX "notification_reference_key" ON "notification"("reference");

-- CreateIndex
CREATE INDEX "notification_state_idx" ON "notification"("state");

-- CreateIndex
CREATE INDEX "notification_contact_channel_taken_at_idx" ON "notification"("contact", "channel", "taken_at");

-- CreateIndex
CREATE UNIQUE INDEX "notification_channel_provider_id_key" ON "notification"("channel", "provider_id");

-- CreateIndex
CREATE INDEX "contact_event_contact_channel_id_idx" ON "contact_event"("contact", "channel", "id");

-- CreateIndex
CREATE INDEX "personal_look_claims_idx" ON "personal_look" USING GIN ("claims");

-- CreateIndex
CREATE INDEX "personal_look_policies_idx" ON "personal_look" USING GIN ("policies");

-- CreateIndex
CREATE INDEX "personal_look_by_at_idx" ON "personal_look"("by", "at");

-- CreateIndex
CREATE INDEX "claim_mark_mark_loss_at_idx" ON "claim_mark"("mark", "loss_at");

-- CreateIndex
CREATE INDEX "payment_claim_idx" ON "payment"("claim");

-- CreateIndex
CREATE INDEX "payment_policy_idx" ON "payment"("policy");

-- CreateIndex
CREATE INDEX "staff_notification_person_at_idx" ON "staff_notification"("person", "at");

-- CreateIndex
CREATE INDEX "staff_notification_provider_id_idx" ON "staff_notification"("provider_id");

-- CreateIndex
CREATE INDEX "staff_notification_task_reference_idx" ON "staff_notification_task"("reference");

-- CreateIndex
CREATE INDEX "signed_line_claim_idx" ON "signed_line"("claim");

-- CreateIndex
CREATE INDEX "signed_line_act_at_idx" ON "signed_line"("act", "at");

-- CreateIndex
CREATE INDEX "person_change_code_id_idx" ON "person_change"("code", "id");

-- CreateIndex
CREATE INDEX "unit_change_code_id_idx" ON "unit_change"("code", "id");

-- CreateIndex
CREATE INDEX "retention_plan_at_idx" ON "retention_plan"("at");

-- CreateIndex
CREATE INDEX "set_aside_key_until_idx" ON "set_aside_key"("until");

-- AddForeignKey
ALTER TABLE "expectation" ADD CONSTRAINT "expectation_claim_fkey" FOREIGN KEY ("claim") REFERENCES "claim"("number") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "staff_notification_task" ADD CONSTRAINT "staff_notification_task_reference_fkey" FOREIGN KEY ("reference") REFERENCES "staff_notification"("reference") ON DELETE CASCADE ON UPDATE CASCADE;

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

-- Deletes the words of an act that was denied. A note that the journal of its claim names stays for ever.
-- Runs with the rights of the owner, because programs delete no notes. Called by `forgetNote`.
CREATE OR REPLACE FUNCTION forget_note(of_id TEXT) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  DELETE FROM note n
  WHERE n.id = of_id
    AND NOT EXISTS (
      SELECT FROM journal_entry j WHERE j.claim = n.claim AND strpos(j.entry, '"' || of_id || '"') > 0)
$$;

-- Takes a mail to staff out of the ledger, with its tasks, when it was certainly not sent. Once an answer to it
-- is kept it stays. Runs with the rights of the owner, because programs delete nothing there. Called by
-- `forgetStaffMail`.
CREATE OR REPLACE FUNCTION forget_staff_mail(of_reference TEXT) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  DELETE FROM staff_notification WHERE reference = of_reference AND state = 'sending'
$$;

-- Forgets what a person was notified of more than 90 days ago, unless the task is still open. Runs with the
-- rights of the owner. Called by `planStaffMail`.
CREATE OR REPLACE FUNCTION forget_old_staff_tasks(of_person TEXT) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  DELETE FROM staff_notification_task t USING staff_notification n
  WHERE n.reference = t.reference AND t.person = of_person
    AND n.at < clock_timestamp() - INTERVAL '90 days'
    AND NOT EXISTS (SELECT FROM expectation e WHERE e.claim = t.claim AND e.id = t.expectation)
    AND NOT EXISTS (
      SELECT FROM follow_up f WHERE f.claim = t.claim AND f.id = t.expectation AND f.done_at IS NULL)
$$;

-- Deletes the texts of an unknown telephone that was erased. Runs with the rights of the owner, because programs
-- delete no notes. Called by `eraseParty`.
CREATE OR REPLACE FUNCTION forget_texts(of_telephone TEXT) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  DELETE FROM note n USING party p
  WHERE n.claim = 'NO-CLAIM' AND n.party = of_telephone
    AND p.claim = n.claim AND p.id = n.party AND p.key = ''
$$;

-- Numbers and chains the journal. Entry n + 1 of a claim is taken only after n, and each hash covers the one
-- before, so that a changed or a lost entry is visible. The previous hash is read under the claim's lock; the
-- caller's value is not used. Called by its trigger, for each row that `store_claim` inserts.
CREATE OR REPLACE FUNCTION journal_entry_append() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  tail RECORD;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended(NEW.claim, 0));
  SELECT seq, hash INTO tail FROM journal_entry WHERE claim = NEW.claim ORDER BY seq DESC LIMIT 1;
  IF NEW.seq <> COALESCE(tail.seq, 0) + 1 THEN
    RAISE EXCEPTION 'journal of %: entry % cannot follow %', NEW.claim, NEW.seq, COALESCE(tail.seq, 0)
      USING ERRCODE = 'check_violation';
  END IF;
  NEW.previous_hash := COALESCE(tail.hash, '');
  NEW.hash := encode(sha256(convert_to(NEW.previous_hash || E'\n' || NEW.entry, 'UTF8')), 'hex');
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER journal_entry_append BEFORE INSERT ON journal_entry
  FOR EACH ROW EXECUTE FUNCTION journal_entry_append();

-- Keeps the journal as it was written: no entry can be changed or deleted, by any user of the database. One
-- exception: `retire_claim` deletes a claim whose entries are all older than five years. Called by its triggers.
CREATE OR REPLACE FUNCTION journal_entry_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF OLD.claim = current_setting('lipei.retires', TRUE) AND OLD.at < clock_timestamp() - INTERVAL '5 years' THEN
      RETURN OLD;
    END IF;
  END IF;
  RAISE EXCEPTION 'the journal is never changed' USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE OR REPLACE TRIGGER journal_entry_keep BEFORE UPDATE OR DELETE ON journal_entry
  FOR EACH ROW EXECUTE FUNCTION journal_entry_keep();
CREATE OR REPLACE TRIGGER journal_entry_keep_all BEFORE TRUNCATE ON journal_entry
  FOR EACH STATEMENT EXECUTE FUNCTION journal_entry_keep();

-- Keeps a provider's delivery report, in one round trip. The message changes its state if its present state
-- allows it. The report for its claim (`of_message`) goes to the inbox under the report's own id, so that a
-- repeat counts once. Returns whether the state changed; null when the message is not in the ledger. Called
-- by `keepDeliveryReport`, for the reports of Twilio and of mail servers.
CREATE OR REPLACE FUNCTION keep_delivery_report(
  of_id TEXT, of_reference TEXT, to_state TEXT, from_states TEXT[], of_provider_id TEXT, of_code TEXT,
  of_message JSONB
) RETURNS BOOLEAN LANGUAGE plpgsql AS $$
DECLARE
  of_claim TEXT;
  moved INT;
BEGIN
  SELECT n.claim INTO of_claim FROM notification n WHERE n.reference = of_reference;
  IF of_claim IS NULL THEN RETURN NULL; END IF;
  UPDATE notification n SET
      state = to_state, at = clock_timestamp(), lease_until = NULL, error_code = of_code,
      provider_id = COALESCE(n.provider_id, of_provider_id)
    WHERE n.reference = of_reference AND n.state = ANY(from_states);
  GET DIAGNOSTICS moved = ROW_COUNT;
  IF moved > 0 AND of_message IS NOT NULL THEN
    INSERT INTO inbox (id, kind, claim, message) VALUES (of_id, 'delivery-report', of_claim, of_message)
      ON CONFLICT DO NOTHING;
  END IF;
  RETURN moved > 0;
END $$;

-- Plans the messages of one moment, and leases those that may be sent now, in one round trip. `messages` have
-- the columns' names. A message with only a `reference` is in the ledger already; with `resealed` it goes to
-- another `contact` than the planned one. Whether a message may be sent, now or later, is decided in the
-- transaction that would take the lease: nothing is sent after an opt-out was kept. Leases use the database's
-- clock, everything else the claim's (`of_now`). Returns each message's `outcome`: `ours` (with the earlier
-- text, if there is one), `waits` (until), or `kept` (its state). Called by `leaseMessages`, for every
-- message that a claim sends.
CREATE OR REPLACE FUNCTION lease_messages(
  messages JSONB, of_now TIMESTAMPTZ, lease_seconds INT, sms_a_day INT, hours_between_chases INT
) RETURNS JSONB LANGUAGE plpgsql AS $$
DECLARE
  given JSONB;
  found notification;
  standing TEXT;
  waits TIMESTAMPTZ;
  turned_down TEXT;
  answers JSONB := '[]';
BEGIN
  FOR given IN
    SELECT each FROM jsonb_array_elements(messages) AS each ORDER BY each->>'contact', each->>'reference'
  LOOP
    -- Two claims that write to one person at the same time are counted one after the other.
    IF given->>'contact' IS NOT NULL AND (sms_a_day IS NOT NULL OR hours_between_chases IS NOT NULL) THEN
      PERFORM pg_advisory_xact_lock(hashtextextended(given->>'contact', 1));
    END IF;
    IF given ? 'sealed' THEN
      INSERT INTO notification (
          claim, kind, seq, channel, reference, recipient, template, locale, sealed, body_sha256,
          state, attempt, planned_at, purpose, facts, contact)
        SELECT claim, kind, seq, channel, reference, recipient, template, locale, sealed, body_sha256,
          'planned', 0, of_now, purpose, facts, contact
        FROM jsonb_populate_record(NULL::notification, given)
        ON CONFLICT DO NOTHING;
    END IF;
    -- The contact changed while the message waited: the same text goes to the present one.
    IF given ? 'resealed' THEN
      UPDATE notification n SET sealed = given->>'resealed', contact = given->>'contact'
        WHERE n.reference = given->>'reference' AND n.state IN ('planned', 'retryable');
    END IF;
    SELECT * INTO STRICT found FROM notification n WHERE n.reference = given->>'reference' FOR UPDATE;

    IF found.state NOT IN ('planned', 'retryable') THEN
      answers := answers || jsonb_build_object(
        'reference', found.reference, 'outcome', 'kept', 'state', found.state, 'code', found.error_code,
        'runs', found.lease_until > clock_timestamp());
      CONTINUE;
    END IF;

    SELECT e.kind INTO standing FROM contact_event e
      WHERE e.contact = found.contact AND e.channel = found.channel ORDER BY e.id DESC LIMIT 1;
    -- A party who unsubscribed from emails gets no chases and progress messages, but everything that must be
    -- sent. A party who answered STOP gets no text at all.
    IF standing IN ('opted-out', 'unusable')
      OR (standing = 'unsubscribed' AND found.purpose IN ('chase', 'progress'))
    THEN
      UPDATE notification n SET state = 'suppressed', error_code = standing, at = clock_timestamp()
        WHERE n.reference = found.reference;
      answers := answers || jsonb_build_object(
        'reference', found.reference, 'outcome', 'kept', 'state', 'suppressed', 'code', standing);
      CONTINUE;
    END IF;

    -- The cap of texts per day is reached: another channel is used. Or the party was chased a moment ago, by
    -- any channel: once is enough, unless that message did not arrive. The same chase by another channel does
    -- not count.
    turned_down := CASE
      WHEN found.channel = 'sms' AND found.purpose IN ('chase', 'progress') AND (
        SELECT count(*) FROM notification n
        WHERE n.contact = found.contact AND n.channel = 'sms' AND n.taken_at > of_now - INTERVAL '24 hours'
          AND n.reference <> found.reference
      ) >= sms_a_day THEN 'enough-today'
      WHEN found.purpose = 'chase' AND EXISTS (
        SELECT 1 FROM notification n
        WHERE n.claim = found.claim AND n.recipient = found.recipient AND n.purpose = 'chase'
          AND (n.kind, n.seq) <> (found.kind, found.seq)
          AND n.state NOT IN ('failed', 'undelivered', 'bounced', 'suppressed')
          AND n.taken_at > of_now - make_interval(hours => hours_between_chases)
      ) THEN 'chased-just-now'
      END;
    IF turned_down IS NOT NULL THEN
      UPDATE notification n SET state = 'suppressed', error_code = turned_down, at = clock_timestamp()
        WHERE n.reference = found.reference;
      answers := answers || jsonb_build_object(
        'reference', found.reference, 'outcome', 'kept', 'state', 'suppressed', 'code', turned_down);
      CONTINUE;
    END IF;

    waits := (given->>'not_before')::TIMESTAMPTZ;
    IF waits > of_now THEN
      UPDATE notification n SET not_before = waits WHERE n.reference = found.reference;
      answers := answers || jsonb_build_object(
        'reference', found.reference, 'outcome', 'waits',
        'until', to_char(waits AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'));
      CONTINUE;
    END IF;

    UPDATE notification n SET
        state = 'sending', attempt = n.attempt + 1,
        lease_until = clock_timestamp() + make_interval(secs => lease_seconds),
        taken_at = of_now, at = clock_timestamp()
      WHERE n.reference = found.reference;
    answers := answers || jsonb_build_object(
      'reference', found.reference, 'outcome', 'ours',
      'sealed', CASE WHEN found.attempt > 0 OR NOT given ? 'sealed' THEN found.sealed END);
  END LOOP;
  RETURN answers;
END $$;

-- Keeps the text of a message and its address as they were written. Two changes are allowed: a message that
-- nobody has tried to send goes to the new contact of its party, and the key in front of a text is wrapped
-- anew; the text behind it stays. Called by its trigger, for every user of the database.
CREATE OR REPLACE FUNCTION notification_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state IN ('planned', 'retryable') AND NEW.state = OLD.state THEN RETURN NEW; END IF;
  IF NEW.contact IS NOT DISTINCT FROM OLD.contact
    AND split_part(NEW.sealed, E'\n', 2) = split_part(OLD.sealed, E'\n', 2)
  THEN RETURN NEW; END IF;
  RAISE EXCEPTION 'the text of % and its address are never changed', OLD.reference
    USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE OR REPLACE TRIGGER notification_keep BEFORE UPDATE OF sealed, contact ON notification
  FOR EACH ROW EXECUTE FUNCTION notification_keep();

-- The history of people and units: what they were before and after each change, by which role of the
-- database, and when. The gate reads people, so a limit that was raised for a minute stays
-- visible. Of people it has neither names nor addresses. Called by their triggers, with the rights of the
-- owner: programs write no history.
CREATE OR REPLACE FUNCTION person_changed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  hidden CONSTANT TEXT[] := ARRAY['name', 'email', 'phone', 'former'];
  former JSONB := to_jsonb(OLD) - hidden;
  present JSONB := to_jsonb(NEW) - hidden;
BEGIN
  IF former IS DISTINCT FROM present THEN
    INSERT INTO person_change (code, at, role, by, planned_at, before, after)
      VALUES (COALESCE(present->>'code', former->>'code'), clock_timestamp(), session_user,
        NULLIF(current_setting('lipei.by', TRUE), ''),
        NULLIF(current_setting('lipei.planned', TRUE), '')::timestamptz, former, present);
  END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER person_changed AFTER INSERT OR UPDATE OR DELETE ON person
  FOR EACH ROW EXECUTE FUNCTION person_changed();

CREATE OR REPLACE FUNCTION unit_changed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  former JSONB := to_jsonb(OLD) - 'former';
  present JSONB := to_jsonb(NEW) - 'former';
BEGIN
  IF former IS DISTINCT FROM present THEN
    INSERT INTO unit_change (code, at, role, by, before, after)
      VALUES (COALESCE(NEW.code, OLD.code), clock_timestamp(), session_user,
        NULLIF(current_setting('lipei.by', TRUE), ''), former, present);
  END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER unit_changed AFTER INSERT OR UPDATE OR DELETE ON unit
  FOR EACH ROW EXECUTE FUNCTION unit_changed();

-- Keeps the history as it was written, and people and policies from being deleted past it. Called by its
-- triggers, for every user of the database.
CREATE OR REPLACE FUNCTION history_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the history of people and policies is never changed'
    USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE OR REPLACE TRIGGER person_change_keep BEFORE UPDATE OR DELETE ON person_change
  FOR EACH ROW EXECUTE FUNCTION history_keep();
CREATE OR REPLACE TRIGGER person_change_keep_all BEFORE TRUNCATE ON person_change
  FOR EACH STATEMENT EXECUTE FUNCTION history_keep();
CREATE OR REPLACE TRIGGER unit_change_keep BEFORE UPDATE OR DELETE ON unit_change
  FOR EACH ROW EXECUTE FUNCTION history_keep();
CREATE OR REPLACE TRIGGER unit_change_keep_all BEFORE TRUNCATE ON unit_change
  FOR EACH STATEMENT EXECUTE FUNCTION history_keep();
CREATE OR REPLACE TRIGGER person_keep_all BEFORE TRUNCATE ON person
  FOR EACH STATEMENT EXECUTE FUNCTION history_keep();

-- Gives a payment its place before the bank is instructed. One lock for each mark of the claim and of its
-- payee, in order, so that two payments that belong together come one after the other. `place` has the
-- columns' names; `ties` are those of `related_claims`; `elsewhere` is its answer that the payment rests on;
-- `a_day` is the most that the rules release in 24 hours for one account, person or policy; under a policy
-- that covers many people, for the claims of the same person instead of the policy. Answers with a kind: `placed`; `other-content` where the id was placed with something else; `news`, with what the records
-- know elsewhere now; `daily-amount`. What the bank has returned counts no more. Called by
-- `instructPayment`.
CREATE OR REPLACE FUNCTION place_payment(place JSONB, ties JSONB, elsewhere JSONB, a_day BIGINT)
RETURNS JSONB LANGUAGE plpgsql AS $$
DECLARE
  asked payment := jsonb_populate_record(NULL::payment, place);
  known payment;
  present JSONB;
  lock_on TEXT;
  released BIGINT;
BEGIN
  FOR lock_on IN
    SELECT DISTINCT name FROM (
      SELECT jsonb_array_elements_text(ties->'marks') AS name
      UNION ALL SELECT 'claim ' || jsonb_array_elements_text(ties->'joined')
      UNION ALL SELECT unnest(asked.people || ARRAY['claim ' || asked.claim, 'account ' || asked.account])
    ) AS names ORDER BY name
  LOOP
    PERFORM pg_advisory_xact_lock(hashtextextended('pays ' || lock_on, 0));
  END LOOP;
  SELECT * INTO known FROM payment WHERE id = asked.id;
  IF FOUND THEN
    RETURN jsonb_build_object('kind', CASE
      WHEN (known.claim, known.item, known.account, known.amount_minor, known.currency, known.of)
        = (asked.claim, asked.item, asked.account, asked.amount_minor, asked.currency, asked.of)
      THEN 'placed' ELSE 'other-content' END);
  END IF;
  present := related_claims(asked.claim, ties);
  IF present <> elsewhere THEN
    RETURN jsonb_build_object('kind', 'news', 'elsewhere', present);
  END IF;
  IF asked.by_rules THEN
    SELECT GREATEST(
        sum(amount_minor) FILTER (WHERE account = asked.account),
        sum(amount_minor) FILTER (WHERE policy = asked.policy AND ties->'hours' ? 'policy'),
        sum(amount_minor) FILTER (WHERE claim IN (
          SELECT m.claim FROM claim_mark m
          WHERE m.mark LIKE 'person:%'
            AND m.mark IN (SELECT jsonb_array_elements_text(ties->'marks')))),
        sum(amount_minor) FILTER (WHERE people && asked.people))
      INTO released
      FROM payment
      WHERE by_rules AND placed_at > asked.placed_at - INTERVAL '24 hours'
        AND currency = asked.currency AND answer IS DISTINCT FROM 'returned';
    IF COALESCE(released, 0) + asked.amount_minor > a_day THEN
      RETURN jsonb_build_object('kind', 'daily-amount');
    END IF;
  END IF;
  INSERT INTO payment SELECT asked.*;
  RETURN jsonb_build_object('kind', 'placed');
END $$;

-- The hash of a version of a policy as it is, but for its key, which is wrapped anew from time to time.
CREATE OR REPLACE FUNCTION policy_hash(p policy) RETURNS BYTEA LANGUAGE sql STABLE AS $$
  SELECT sha256(convert_to(concat_ws(E'\x1f',
    p.number, p.version, p.endorsement, p.line, p.jurisdiction, p.branch, p.currency,
    EXTRACT(EPOCH FROM p.valid_from), EXTRACT(EPOCH FROM p.valid_to), p.objects, p.people,
    COALESCE(p.wording, '-'), p.special, COALESCE(p.sealed, '-'), p.content, COALESCE(p.import, '-'),
    EXTRACT(EPOCH FROM p.recorded_at), COALESCE(EXTRACT(EPOCH FROM p.replaced_at), 0),
    COALESCE(p.replaced_by, '-')), 'UTF8'))
$$;

-- The history of policies: when each version came, was replaced, and was deleted after its time, by which role
-- of the database, and its hash then. Claims are paid by policies, so a version that somebody changes past the
-- triggers stays visible. Called by the triggers of `policy`, with the rights of the owner: programs write no
-- history.
CREATE OR REPLACE FUNCTION policy_changed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO policy_change (number, version, what, at, role, hash)
      SELECT p.number, p.version, 'added', clock_timestamp(), session_user, policy_hash(p::policy) FROM present p;
  ELSIF TG_OP = 'UPDATE' THEN
    INSERT INTO policy_change (number, version, what, at, role, hash)
      SELECT p.number, p.version, 'replaced', clock_timestamp(), session_user, policy_hash(p::policy)
      FROM present p JOIN former f ON f.number = p.number AND f.version = p.version
      WHERE f.replaced_at IS DISTINCT FROM p.replaced_at;
  ELSE
    INSERT INTO policy_change (number, version, what, at, role, hash)
      SELECT f.number, f.version, 'retired', clock_timestamp(), session_user, policy_hash(f::policy) FROM former f;
  END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER policy_added AFTER INSERT ON policy REFERENCING NEW TABLE AS present
  FOR EACH STATEMENT EXECUTE FUNCTION policy_changed();
CREATE OR REPLACE TRIGGER policy_replaced AFTER UPDATE ON policy
  REFERENCING OLD TABLE AS former NEW TABLE AS present
  FOR EACH STATEMENT EXECUTE FUNCTION policy_changed();
CREATE OR REPLACE TRIGGER policy_retired AFTER DELETE ON policy REFERENCING OLD TABLE AS former
  FOR EACH STATEMENT EXECUTE FUNCTION policy_changed();

-- Keeps a version of a policy as it came. It can be replaced, once, and its key can be wrapped anew. Only
-- `retire_rows` deletes one, after its time. Called by its triggers, for every user of the database.
CREATE OR REPLACE FUNCTION policy_keep() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  kept CONSTANT TEXT[] := ARRAY['key', 'replaced_at', 'replaced_by'];
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF to_jsonb(OLD) - kept = to_jsonb(NEW) - kept AND (OLD.key IS NULL) = (NEW.key IS NULL)
      AND (OLD.replaced_at IS NULL OR (OLD.replaced_at, OLD.replaced_by) IS NOT DISTINCT FROM
        (NEW.replaced_at, NEW.replaced_by))
    THEN
      RETURN NEW;
    END IF;
  ELSIF TG_OP = 'DELETE' THEN
    IF current_setting('lipei.retires', TRUE) = 'policies' AND OLD.valid_to < clock_timestamp() - INTERVAL '5 years'
    THEN
      RETURN OLD;
    END IF;
  END IF;
  RAISE EXCEPTION 'a version of a policy is never changed: a correction is a new version'
    USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE OR REPLACE TRIGGER policy_keep BEFORE UPDATE OR DELETE ON policy
  FOR EACH ROW EXECUTE FUNCTION policy_keep();
CREATE OR REPLACE TRIGGER policy_keep_all BEFORE TRUNCATE ON policy
  FOR EACH STATEMENT EXECUTE FUNCTION policy_keep();
CREATE OR REPLACE TRIGGER policy_change_keep BEFORE UPDATE OR DELETE ON policy_change
  FOR EACH ROW EXECUTE FUNCTION history_keep();
CREATE OR REPLACE TRIGGER policy_change_keep_all BEFORE TRUNCATE ON policy_change
  FOR EACH STATEMENT EXECUTE FUNCTION history_keep();

-- The claims that are counted together with one, and what the rest of its policy was paid where the sum
-- insured is for the whole policy. `ties` has its marks, `lossAt`, the hours by kind of mark (a kind without
-- hours ties nothing by itself), the claims that a person has `joined` to it, how many are listed `atMost`, its
-- currency, and `wholePolicy`, if any. Claims that a person has joined this one to count too. The same
-- person's mark names the policy, so it ties as the policy does. Listed first are claims of the same loss,
-- then those that were paid, then the nearest in time. What the bank has returned counts no more. Called by
-- `store_claim` and `place_payment`, and before a payment is placed.
CREATE OR REPLACE FUNCTION related_claims(of_claim TEXT, ties JSONB)
RETURNS JSONB LANGUAGE sql STABLE AS $$
  WITH joined AS (
    SELECT jsonb_array_elements_text(ties->'joined') AS claim
    UNION SELECT m.claim FROM claim_mark m WHERE m.mark = 'joined:' || of_claim
  ), tied AS (
    SELECT m.claim, split_part(m.mark, ':', 1) AS tie
    FROM jsonb_array_elements_text(ties->'marks') AS own (mark),
      LATERAL make_interval(hours => (ties->'hours'->>split_part(own.mark, ':', 1))::int) AS near,
      claim_mark m
    WHERE m.mark = own.mark AND m.claim <> of_claim
      AND m.loss_at BETWEEN (ties->>'lossAt')::timestamptz - near AND (ties->>'lossAt')::timestamptz + near
    UNION
    SELECT joined.claim, 'joined' FROM joined
    UNION
    SELECT m.claim, 'policy'
    FROM claim_mark m
    WHERE m.mark LIKE 'policy:%' AND ties->'marks' ? m.mark AND m.claim IN (SELECT joined.claim FROM joined)
  ), why AS (
    SELECT tied.claim, jsonb_agg(DISTINCT each.tie ORDER BY each.tie) AS list
    FROM tied JOIN claim c ON c.number = tied.claim AND c.currency = ties->>'currency',
      unnest(CASE tied.tie WHEN 'person' THEN ARRAY['person', 'policy'] ELSE ARRAY[tied.tie] END) AS each (tie)
    GROUP BY tied.claim
  ), paid AS (
    SELECT p.claim, p.object, sum(p.amount_minor) AS amount, sum(p.excess_minor) AS excess
    FROM payment p
    WHERE p.claim IN (SELECT claim FROM why) AND p.answer IS DISTINCT FROM 'returned'
    GROUP BY p.claim, p.object
  ), amounts AS (
    SELECT o.claim, jsonb_object_agg(o.object, jsonb_build_object(
      'stakeMinor', COALESCE((c.stakes->>o.object)::bigint, 0),
      'paidMinor', COALESCE(paid.amount, 0),
      'excessMinor', COALESCE(paid.excess, 0))) AS objects
    FROM (
      SELECT w.claim, jsonb_object_keys(c.stakes) AS object FROM why w JOIN claim c ON c.number = w.claim
      UNION SELECT paid.claim, paid.object FROM paid) o
    JOIN claim c ON c.number = o.claim
    LEFT JOIN paid ON paid.claim = o.claim AND paid.object = o.object
    GROUP BY o.claim
  ), listed AS (
    SELECT why.claim, why.list, row_number() OVER (ORDER BY
        why.list ?| ARRAY['joined', 'policy', 'vehicle'] DESC,
        EXISTS (SELECT FROM paid WHERE paid.claim = why.claim) DESC,
        abs(extract(epoch FROM loss.at - (ties->>'lossAt')::timestamptz)),
        why.claim
      ) > (ties->>'atMost')::int AS beyond
    FROM why, LATERAL (SELECT max(m.loss_at) AS at FROM claim_mark m WHERE m.claim = why.claim) AS loss
  )
  SELECT jsonb_strip_nulls(jsonb_build_object(
    'related', (
      SELECT COALESCE(jsonb_agg(jsonb_build_object(
        'claim', c.number,
        'why', listed.list,
        'closedAt', CASE WHEN c.outcome IS NOT NULL
          THEN to_char(c.stage_since AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') END,
        'objects', COALESCE(amounts.objects, '{}')) ORDER BY c.number), '[]')
      FROM listed JOIN claim c ON c.number = listed.claim LEFT JOIN amounts ON amounts.claim = listed.claim
      WHERE NOT listed.beyond),
    'moreRelated', (
      SELECT jsonb_build_object('claims', count(DISTINCT listed.claim), 'minor', COALESCE(sum(
        GREATEST((stake.value->>'stakeMinor')::bigint, (stake.value->>'paidMinor')::bigint)), 0))
      FROM listed LEFT JOIN amounts ON amounts.claim = listed.claim
        LEFT JOIN LATERAL jsonb_each(amounts.objects) AS stake ON TRUE
      WHERE listed.beyond
      HAVING count(*) > 0),
    'policyPaid', (
      SELECT COALESCE(jsonb_object_agg(object, amount), '{}')
      FROM (
        SELECT p.object, sum(p.amount_minor) AS amount FROM payment p
        WHERE p.policy = ties->>'wholePolicy' AND p.claim <> of_claim AND p.answer IS DISTINCT FROM 'returned'
        GROUP BY p.object) AS by_object)))
$$;

-- Rows that may be deleted, the oldest first, by class: what a plan counts, and what `retire_rows` deletes.

-- Messages of providers that were forwarded, or that are for no claim.
CREATE OR REPLACE FUNCTION retirable_inbox(before TIMESTAMPTZ)
RETURNS TABLE (id TEXT, at TIMESTAMPTZ) LANGUAGE sql STABLE AS $$
  SELECT i.id, i.at FROM inbox i
  WHERE i.at < before AND (i.forwarded_at IS NOT NULL OR i.claim IS NULL) ORDER BY i.at
$$;

-- Looks at claims that the records no longer have.
CREATE OR REPLACE FUNCTION retirable_looks(before TIMESTAMPTZ)
RETURNS TABLE (id BIGINT, at TIMESTAMPTZ) LANGUAGE sql STABLE AS $$
  SELECT l.id, l.at FROM personal_look l
  WHERE l.at < before
    AND NOT EXISTS (SELECT FROM journal_entry j WHERE j.claim = ANY(l.claims) AND j.seq = 1)
  ORDER BY l.at
$$;

-- Mails to staff. While one of its tasks is open, a mail stays: it keeps the person from being mailed again.
CREATE OR REPLACE FUNCTION retirable_staff_mail(before TIMESTAMPTZ)
RETURNS TABLE (id TEXT, at TIMESTAMPTZ) LANGUAGE sql STABLE AS $$
  SELECT n.reference, n.at FROM staff_notification n
  WHERE n.at < before AND n.state <> 'sending'
    AND NOT EXISTS (
      SELECT FROM staff_notification_task t JOIN expectation e ON e.claim = t.claim AND e.id = t.expectation
      WHERE t.reference = n.reference)
    AND NOT EXISTS (
      SELECT FROM staff_notification_task t
      JOIN follow_up f ON f.claim = t.claim AND f.id = t.expectation AND f.done_at IS NULL
      WHERE t.reference = n.reference)
  ORDER BY n.at
$$;

-- No token is valid for longer than a year, so these have ended by themselves.
CREATE OR REPLACE FUNCTION retirable_revoked_tokens(before TIMESTAMPTZ)
RETURNS TABLE (id TEXT, at TIMESTAMPTZ) LANGUAGE sql STABLE AS $$
  SELECT r.id, r.at FROM revoked_token r WHERE r.at < before ORDER BY r.at
$$;

-- Unknown telephones that have written nothing since, and that nobody must answer any more.
CREATE OR REPLACE FUNCTION retirable_telephones(before TIMESTAMPTZ)
RETURNS TABLE (id TEXT, at TIMESTAMPTZ) LANGUAGE sql STABLE AS $$
  SELECT p.id, max(n.at) AS at
  FROM party p JOIN note n ON n.claim = p.claim AND n.party = p.id
  WHERE p.claim = 'NO-CLAIM'
    AND NOT EXISTS (
      SELECT FROM follow_up f
      WHERE f.done_at IS NULL AND (f.what LIKE 'answer ' || p.id || ':%'))
  GROUP BY p.id HAVING max(n.at) < before ORDER BY max(n.at)
$$;

-- Keys of erased people that were set aside for a court, and whose time is over, unless the claim is held.
CREATE OR REPLACE FUNCTION retirable_set_aside_keys(before TIMESTAMPTZ)
RETURNS TABLE (id TEXT, at TIMESTAMPTZ) LANGUAGE sql STABLE AS $$
  SELECT k.claim || '/' || k.party, k.until FROM set_aside_key k
  WHERE k.until < before AND 'hold-claim' IS DISTINCT FROM (
    SELECT l.act FROM signed_line l
    WHERE l.claim = k.claim AND l.act IN ('hold-claim', 'release-claim') ORDER BY l.id DESC LIMIT 1)
  ORDER BY k.until
$$;

-- Policies that have ended, with all their versions, once no claim of theirs is there.
CREATE OR REPLACE FUNCTION retirable_policies(before TIMESTAMPTZ)
RETURNS TABLE (id TEXT, at TIMESTAMPTZ) LANGUAGE sql STABLE AS $$
  SELECT p.number, max(p.valid_to) AS at FROM policy p
  WHERE p.valid_to < before
    AND NOT EXISTS (SELECT FROM policy o WHERE o.number = p.number AND o.valid_to >= before)
    AND NOT EXISTS (SELECT FROM claim_mark m WHERE m.mark = 'policy:' || p.number)
  GROUP BY p.number ORDER BY at
$$;

-- How long the journal of a claim is kept at least, whatever a program wants: five years after its last entry,
-- and ten under Chinese law where the policy was longer than a year, is unknown, or something was paid
-- (Insurance Law art. 87, Anti-Money-Laundering Law art. 34). The business may keep it longer
-- (`config/retention.json`). Called by `retire_claim`.
CREATE OR REPLACE FUNCTION kept_at_least(of_claim TEXT) RETURNS INTERVAL LANGUAGE sql STABLE AS $$
  SELECT CASE
    WHEN opening.entry::jsonb->>'jurisdiction' = 'CN' AND (
        EXISTS (SELECT FROM journal_entry j WHERE j.claim = of_claim AND j.kind = 'payment-instructed')
        OR NOT EXISTS (
          SELECT FROM policy p
          WHERE p.number = upper(opening.entry::jsonb->>'policy') AND p.replaced_at IS NULL
          HAVING max(p.valid_to) - min(p.valid_from) <= INTERVAL '366 days'))
      THEN INTERVAL '10 years'
    ELSE INTERVAL '5 years' END
  FROM journal_entry opening WHERE opening.claim = of_claim AND opening.seq = 1
$$;

-- Deletes a claim after its time, with all that the records know of it but its number, and keeps the signed
-- line that says so.
-- `line` has the columns' names; its proof is a statement `retire-claim` for this claim and for the head of its
-- journal. It runs with the rights of the tables' owner, because programs may delete no entry of a journal; so
-- it checks by itself that every entry is older than the law wants. Answers with a kind: `retired`, with the
-- files of attachments that may go now; `gone`; `held`, and why. Called by `retireClaim`.
CREATE OR REPLACE FUNCTION retire_claim(of_claim TEXT, line JSONB) RETURNS JSONB
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  tail RECORD;
  signed JSONB := (line->'proof'->>'signed')::jsonb;
  youngest TIMESTAMPTZ;
  files JSONB;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended(of_claim, 0));
  SELECT seq, hash INTO tail FROM journal_entry WHERE claim = of_claim ORDER BY seq DESC LIMIT 1;
  IF NOT FOUND THEN RETURN jsonb_build_object('kind', 'gone'); END IF;
  IF (signed->>'act', signed->>'claim', signed->'fields'->>'head')
    IS DISTINCT FROM ('retire-claim', of_claim, tail.seq || ':' || tail.hash)
  THEN
    RAISE EXCEPTION 'the signed line of % is for another claim, or for a journal that ended elsewhere', of_claim
      USING ERRCODE = 'check_violation';
  END IF;
  IF NOT EXISTS (SELECT FROM claim c WHERE c.number = of_claim AND c.outcome IS NOT NULL) THEN
    RETURN jsonb_build_object('kind', 'held', 'why', 'open');
  END IF;
  IF 'hold-claim' = (
    SELECT l.act FROM signed_line l
    WHERE l.claim = of_claim AND l.act IN ('hold-claim', 'release-claim') ORDER BY l.id DESC LIMIT 1)
  THEN
    RETURN jsonb_build_object('kind', 'held', 'why', 'hold');
  END IF;
  IF EXISTS (SELECT FROM follow_up f WHERE f.claim = of_claim AND f.done_at IS NULL) THEN
    RETURN jsonb_build_object('kind', 'held', 'why', 'follow-up');
  END IF;
  SELECT max(j.at) INTO youngest FROM journal_entry j WHERE j.claim = of_claim;
  IF youngest + kept_at_least(of_claim) > clock_timestamp() THEN
    RAISE EXCEPTION 'the journal of % is kept until %', of_claim, youngest + kept_at_least(of_claim)
      USING ERRCODE = 'insufficient_privilege';
  END IF;

  INSERT INTO signed_line (at, by, act, claim, proof)
    VALUES ((line->>'at')::timestamptz, line->>'by', 'retire-claim', of_claim, line->'proof');
  SELECT COALESCE(jsonb_agg(DISTINCT a.file), '[]') INTO files FROM attachment a WHERE a.claim = of_claim;
  PERFORM set_config('lipei.retires', of_claim, TRUE);
  DELETE FROM journal_entry WHERE claim = of_claim;
  PERFORM set_config('lipei.retires', '', TRUE);
  DELETE FROM claim WHERE number = of_claim;
  DELETE FROM expectation WHERE claim = of_claim;
  DELETE FROM claim_mark WHERE claim = of_claim;
  DELETE FROM claim_owner WHERE claim = of_claim;
  DELETE FROM unwell_claim WHERE claim = of_claim;
  DELETE FROM claim_look WHERE claim = of_claim;
  DELETE FROM payment WHERE claim = of_claim;
  DELETE FROM notification WHERE claim = of_claim;
  DELETE FROM staff_notification_task WHERE claim = of_claim;
  DELETE FROM inbox WHERE claim = of_claim;
  DELETE FROM follow_up WHERE claim = of_claim;
  DELETE FROM attachment WHERE claim = of_claim;
  DELETE FROM note WHERE claim = of_claim;
  -- Its number, and the mark of its reference: the same notice is never a claim again.
  UPDATE notice SET sealed = '' WHERE claim = of_claim;
  DELETE FROM party WHERE claim = of_claim;
  DELETE FROM set_aside_key WHERE claim = of_claim;
  RETURN jsonb_build_object('kind', 'retired', 'files', files);
END $$;

REVOKE EXECUTE ON FUNCTION retire_claim(TEXT, JSONB) FROM PUBLIC;

-- Deletes rows of a class that are older than `before`, at most so many, and says how many it deleted. What is
-- still needed stays, however old it is. It runs with the rights of the tables' owner, because programs may not
-- delete these rows; so it has the least age of each class in itself. The business may keep them longer
-- (`config/retention.json`). Called by `retireRows`.
CREATE OR REPLACE FUNCTION retire_rows(of_class TEXT, before TIMESTAMPTZ, at_most INT) RETURNS INT
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  least INTERVAL := CASE of_class
    WHEN 'inbox' THEN INTERVAL '3 months'
    WHEN 'looks' THEN INTERVAL '3 years'
    WHEN 'staffMail' THEN INTERVAL '3 months'
    WHEN 'revokedTokens' THEN INTERVAL '13 months'
    WHEN 'unknownTelephones' THEN INTERVAL '1 month'
    WHEN 'setAsideKeys' THEN INTERVAL '0'
    WHEN 'policies' THEN INTERVAL '5 years' END;
  numbers TEXT[];
  gone INT;
BEGIN
  IF least IS NULL THEN
    RAISE EXCEPTION 'there is no class % to delete', of_class USING ERRCODE = 'invalid_parameter_value';
  END IF;
  IF before > clock_timestamp() - least THEN
    RAISE EXCEPTION 'rows of % are kept for %', of_class, least USING ERRCODE = 'insufficient_privilege';
  END IF;
  CASE of_class
    WHEN 'inbox' THEN
      DELETE FROM inbox WHERE id IN (SELECT id FROM retirable_inbox(before) LIMIT at_most);
    WHEN 'looks' THEN
      DELETE FROM personal_look WHERE id IN (SELECT id FROM retirable_looks(before) LIMIT at_most);
    WHEN 'staffMail' THEN
      DELETE FROM staff_notification
        WHERE reference IN (SELECT id FROM retirable_staff_mail(before) LIMIT at_most);
    WHEN 'revokedTokens' THEN
      DELETE FROM revoked_token WHERE id IN (SELECT id FROM retirable_revoked_tokens(before) LIMIT at_most);
    WHEN 'setAsideKeys' THEN
      DELETE FROM set_aside_key k
        WHERE k.claim || '/' || k.party IN (SELECT id FROM retirable_set_aside_keys(before) LIMIT at_most);
    WHEN 'policies' THEN
      SELECT array_agg(id) INTO numbers FROM (SELECT id FROM retirable_policies(before) LIMIT at_most) AS next;
      DELETE FROM policy_mark m USING (
        SELECT p.number, mark FROM policy p, policy_marks(p.people, p.objects) mark WHERE p.number = ANY (numbers)
      ) AS own WHERE m.mark = own.mark AND m.number = own.number;
      PERFORM set_config('lipei.retires', 'policies', TRUE);
      DELETE FROM policy WHERE number = ANY (numbers);
      PERFORM set_config('lipei.retires', '', TRUE);
      RETURN COALESCE(cardinality(numbers), 0);
    WHEN 'unknownTelephones' THEN
      WITH telephone AS (
        DELETE FROM party
          WHERE claim = 'NO-CLAIM' AND id IN (SELECT id FROM retirable_telephones(before) LIMIT at_most)
          RETURNING id)
      DELETE FROM note USING telephone WHERE note.claim = 'NO-CLAIM' AND note.party = telephone.id;
  END CASE;
  GET DIAGNOSTICS gone = ROW_COUNT;
  RETURN gone;
END $$;

REVOKE EXECUTE ON FUNCTION retire_rows(TEXT, TIMESTAMPTZ, INT) FROM PUBLIC;

-- Stores what happened to a claim, in one round trip: its new entries in order, then its read model after
-- them. `by_run` is the run of the claim's workflow that stores; one that does not own the claim stores
-- nothing. Null for a rebuild of the read model. The claim's lock comes first, and each statement has a new snapshot, so that a writer and a rebuild
-- never see half of each other. `model` and `waits` have the columns' names; `ties` are those of
-- `related_claims`, whose answer it gives, with the head of the journal. Another claim of the same loss that does not know of this one gets
-- a message; a closed one gets a follow-up. Called by `appendJournal`, and with no entries by `rebuildClaim`.
CREATE OR REPLACE FUNCTION store_claim(
  of_claim TEXT, by_run TEXT, entries JSONB, model JSONB, waits JSONB, ties JSONB)
RETURNS JSONB LANGUAGE plpgsql AS $$
DECLARE
  found JSONB;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended(of_claim, 0));
  IF by_run IS NOT NULL THEN
    INSERT INTO claim_owner (claim, run)
      SELECT of_claim, by_run WHERE NOT EXISTS (SELECT FROM journal_entry WHERE claim = of_claim)
      ON CONFLICT DO NOTHING;
    IF NOT EXISTS (SELECT FROM claim_owner WHERE claim = of_claim AND run = by_run) THEN
      RAISE EXCEPTION 'run % does not own claim %', by_run, of_claim USING ERRCODE = 'LP001';
    END IF;
  END IF;
  INSERT INTO journal_entry (claim, seq, at, by, kind, entry, previous_hash, hash)
    SELECT of_claim, each.seq, each.at, each.by, each.kind, each.entry, '', ''
    FROM jsonb_to_recordset(entries) AS each (seq INT, at TIMESTAMPTZ, by TEXT, kind TEXT, entry TEXT)
    ORDER BY each.seq;
  DELETE FROM expectation WHERE claim = of_claim;
  DELETE FROM claim WHERE number = of_claim;
  INSERT INTO claim SELECT * FROM jsonb_populate_record(NULL::claim, model);
  INSERT INTO expectation SELECT * FROM jsonb_populate_recordset(NULL::expectation, waits);
  -- A policy that was corrected ties no more, alone or with a person, unless it has paid something. Other
  -- marks stay for ever.
  DELETE FROM claim_mark m
    WHERE m.claim = of_claim AND (m.mark LIKE 'policy:%' OR m.mark LIKE 'person:%')
      AND NOT ties->'marks' ? m.mark
      AND NOT EXISTS (SELECT FROM payment p WHERE p.claim = of_claim
        AND ('policy:' || p.policy = m.mark OR starts_with(m.mark, 'person:' || p.policy || ':')));
  DELETE FROM claim_mark m
    WHERE m.claim = of_claim AND m.mark LIKE 'joined:%'
      AND NOT ties->'joined' ? substr(m.mark, length('joined:') + 1);
  INSERT INTO claim_mark AS known (claim, mark, loss_at)
    SELECT of_claim, own.mark, (ties->>'lossAt')::timestamptz
    FROM (
      SELECT jsonb_array_elements_text(ties->'marks') AS mark
      UNION SELECT 'joined:' || jsonb_array_elements_text(ties->'joined')) AS own
    ON CONFLICT (claim, mark) DO UPDATE SET loss_at = EXCLUDED.loss_at
      WHERE known.loss_at IS DISTINCT FROM EXCLUDED.loss_at;
  found := related_claims(of_claim, ties);
  IF found->'related' <> '[]' THEN
    INSERT INTO inbox (id, kind, claim, message)
      SELECT 'related:' || c.number || ':' || of_claim, 'related', c.number,
        jsonb_build_object('name', 'related-claim', 'other', of_claim)
      FROM jsonb_array_elements(found->'related') AS other JOIN claim c ON c.number = other->>'claim'
      WHERE (other->'why' ?| ARRAY['policy', 'vehicle', 'joined']) AND c.outcome IS NULL
        AND NOT c.state->'related' @> jsonb_build_array(jsonb_build_object('claim', of_claim))
      ON CONFLICT DO NOTHING;
    INSERT INTO follow_up (claim, id, branch, what)
      SELECT c.number, 'compare-' || of_claim, c.branch, 'compare with ' || of_claim
      FROM jsonb_array_elements(found->'related') AS other JOIN claim c ON c.number = other->>'claim'
      WHERE (other->'why' ?| ARRAY['policy', 'vehicle', 'joined']) AND c.outcome IS NOT NULL
        AND NOT c.state->'related' @> jsonb_build_array(jsonb_build_object('claim', of_claim))
      ON CONFLICT DO NOTHING;
  END IF;
  RETURN jsonb_build_object('elsewhere', found, 'head', (
    SELECT seq || ':' || left(hash, 32) FROM journal_entry WHERE claim = of_claim ORDER BY seq DESC LIMIT 1));
END $$;

-- The marks of a version of a policy, which it is found by: those of its people and of its insured objects.
CREATE OR REPLACE FUNCTION policy_marks(people JSONB, objects JSONB) RETURNS SETOF TEXT
LANGUAGE sql IMMUTABLE ROWS 10 AS $$
  SELECT mark #>> '{}' FROM jsonb_path_query(people, '$[*].marks[*]') mark
  UNION SELECT mark #>> '{}' FROM jsonb_path_query(objects, '$.*.marks[*]') mark
$$;

-- Marks of policies whose versions were replaced at this moment go, unless another version that counts has them.
CREATE OR REPLACE FUNCTION forget_policy_marks(of_numbers TEXT[], at TIMESTAMPTZ) RETURNS VOID
LANGUAGE sql SET search_path = public, pg_temp AS $$
  WITH former AS (
    SELECT DISTINCT p.number, mark FROM policy p, policy_marks(p.people, p.objects) mark
    WHERE p.number = ANY (of_numbers) AND p.replaced_at = at
  ), present AS (
    SELECT DISTINCT p.number, mark FROM policy p, policy_marks(p.people, p.objects) mark
    WHERE p.number = ANY (of_numbers) AND p.replaced_at IS NULL
  ), gone AS (SELECT number, mark FROM former EXCEPT SELECT number, mark FROM present)
  DELETE FROM policy_mark m USING gone g WHERE m.mark = g.mark AND m.number = g.number
$$;

-- Informs the claims of these policies of what an import did to them at this moment: an open claim whose loss lies
-- in the period of a version that came or was replaced checks its cover anew, and so does every open claim of a
-- policy that the book did not have, or has no more. Where the claim has closed, supervisors look at it.
CREATE OR REPLACE FUNCTION inform_claims_of_policies(of_import TEXT, of_numbers TEXT[], at TIMESTAMPTZ) RETURNS VOID
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  tied TEXT[];
BEGIN
  SELECT array_agg(DISTINCT m.claim) INTO tied FROM unnest(of_numbers) number
    JOIN claim_mark m ON m.mark = 'policy:' || number;
  IF tied IS NULL THEN RETURN; END IF;
  WITH of_policy AS (
    SELECT p.number,
      bool_or(p.recorded_at < at AND (p.replaced_at IS NULL OR p.replaced_at = at)) AS was_known,
      bool_or(p.replaced_at IS NULL) AS is_known
    FROM policy p WHERE p.number = ANY (of_numbers) GROUP BY p.number
  ), touched AS (
    SELECT c.number AS claim, c.branch, c.outcome, o.number AS policy, o.was_known,
      EXISTS (
        SELECT FROM policy p
        WHERE p.number = o.number AND (p.recorded_at = at OR p.replaced_at = at)
          AND p.valid_from <= m.loss_at AND m.loss_at < p.valid_to) AS in_period,
      o.was_known AND o.is_known AS stays_known
    FROM of_policy o
      JOIN claim_mark m ON m.mark = 'policy:' || o.number
      JOIN claim c ON c.number = m.claim
  ), informed AS (
    INSERT INTO inbox (id, kind, claim, message)
      SELECT 'policy:' || claim || ':' || of_import, 'policy', claim,
        jsonb_build_object('name', 'policy-changed', 'policy', policy)
      FROM touched WHERE outcome IS NULL AND (in_period OR NOT stays_known)
    ON CONFLICT (id) DO NOTHING
  )
  INSERT INTO follow_up (claim, id, branch, role, what)
    SELECT claim, 'policy-' || of_import, branch, 'supervisor', 'the policy was corrected'
    FROM touched WHERE outcome IS NOT NULL AND was_known AND in_period
  ON CONFLICT (claim, id) DO NOTHING;
END $$;

-- Vehicles of staged policies that another policy of the same line insures at the same time, a sentence each: both
-- are taken, because people insure twice by mistake, and the company must let them know. A dry run compares with the
-- book alone.
CREATE OR REPLACE FUNCTION twice_insured(of_import TEXT, numbers TEXT[]) RETURNS JSONB
LANGUAGE sql STABLE SET search_path = public, pg_temp SET enable_seqscan = off AS $$
  WITH same_vehicle AS MATERIALIZED (
    SELECT s.line AS at_line, s.key AS number, r.line, r."validFrom" AS since, r."validTo" AS upto, other.number AS other,
      vehicle.own
    FROM staged_row s,
      jsonb_to_record(s.row) AS r(line TEXT, "validFrom" TIMESTAMPTZ, "validTo" TIMESTAMPTZ, objects JSONB),
      jsonb_path_query(r.objects, '$.*.marks[*]') AS vehicle(own),
      LATERAL (
        SELECT m.number FROM policy_mark m WHERE m.mark = vehicle.own #>> '{}' AND m.number <> s.key LIMIT 20
      ) AS other
    WHERE s.import = of_import AND s.key >= numbers[1] AND s.key <= numbers[cardinality(numbers)]
      AND s.reject IS NULL
  )
  SELECT COALESCE(jsonb_agg(DISTINCT 'line ' || s.at_line || ': a vehicle of policy ' || s.number || ' is insured in '
    || 'policy ' || p.number || ' too at that time: look whether one of them ends'), '[]')
  FROM same_vehicle s JOIN policy p ON p.number = s.other AND p.replaced_at IS NULL
  WHERE p.line = s.line AND p.valid_from < s.upto AND s.since < p.valid_to
    AND jsonb_path_exists(p.objects, '$.*.marks[*] ? (@ == $mark)', jsonb_build_object('mark', s.own))
$$;

-- Takes the next policies of an import, at most so many after this number: all rows of a policy, or none of
-- them. What is not taken has its `reject`. Answers what became of the rows, and the last number; null when
-- there are no more. A dry run changes nothing but the rejects. Safe to repeat: what this import has taken
-- already counts as it did then. Called by `policyBook`.
CREATE OR REPLACE FUNCTION take_policies(of_import TEXT, after TEXT, at_most INT, is_dry BOOLEAN) RETURNS JSONB
LANGUAGE plpgsql SET search_path = public, pg_temp SET enable_seqscan = off SET plan_cache_mode = force_custom_plan
AS $$
DECLARE
  at TIMESTAMPTZ(3) := clock_timestamp();
  numbers TEXT[];
  counts JSONB;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('policy-book', 0));
  SELECT array_agg(key ORDER BY key) INTO numbers FROM (
    SELECT DISTINCT s.key FROM staged_row s
    WHERE s.import = of_import AND (after IS NULL OR s.key > after) ORDER BY s.key LIMIT at_most) AS next;
  IF numbers IS NULL THEN RETURN NULL; END IF;

  UPDATE staged_row s SET reject = NULL
    WHERE s.import = of_import AND s.key >= numbers[1] AND s.key <= numbers[cardinality(numbers)]
      AND s.reject IS NOT NULL AND s.row ? 'content';

  WITH staged AS MATERIALIZED (
    SELECT s.line, s.key, s.row ? 'content' AS is_read, r.*,
      array_agg(s.line) OVER same AS lines,
      min(r.content) OVER same IS DISTINCT FROM max(r.content) OVER same AS is_twice,
      row_number() OVER (same ORDER BY s.line) = 1 AS is_first
    FROM staged_row s, jsonb_to_record(s.row) AS r(
      endorsement TEXT, branch TEXT, content TEXT, "validFrom" TIMESTAMPTZ, "validTo" TIMESTAMPTZ)
    WHERE s.import = of_import AND s.key >= numbers[1] AND s.key <= numbers[cardinality(numbers)]
    WINDOW same AS (PARTITION BY s.key, r.endorsement)
  ), counting AS MATERIALIZED (
    SELECT *, max(upto) OVER (
      PARTITION BY number ORDER BY since, endorsement ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
    FROM (
      SELECT DISTINCT ON (number, endorsement) number, endorsement, line, since, upto FROM (
        SELECT key AS number, endorsement, line, "validFrom" AS since, "validTo" AS upto
          FROM staged WHERE is_read AND is_first
        UNION ALL SELECT p.number, p.endorsement, NULL, p.valid_from, p.valid_to
          FROM policy p WHERE p.number = ANY (numbers) AND p.replaced_at IS NULL
      ) AS version ORDER BY number, endorsement, line NULLS LAST
    ) AS one
  ), overlapping AS MATERIALIZED (
    SELECT * FROM counting WHERE number IN (SELECT number FROM counting WHERE before > since)
  ), wrong AS (
    SELECT line, key, 1 AS rank, 'branch' AS field, 'must be a unit of the staff book, and there is no ' || branch
      || ': import the units first' AS reason
    FROM staged s WHERE is_read AND NOT EXISTS (SELECT FROM unit u WHERE u.code = s.branch)
    UNION ALL
    SELECT line, key, 2, 'endorsement', 'must be another on each line: lines ' || (
        SELECT string_agg(each::text, ', ' ORDER BY each) FROM unnest(lines) each)
      || ' have the same policy and endorsement, and not the same content'
    FROM staged WHERE is_read AND is_twice
    UNION ALL
    SELECT DISTINCT ON (one.line) one.line, one.number, 3, 'from', 'overlaps the endorsement ' || other.endorsement
      || ' of the same policy, in force from '
      || to_char(other.since AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') || ' to '
      || to_char(other.upto AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
      || COALESCE(' (line ' || other.line || ')', '')
      || ': send both, with periods that do not overlap'
    FROM overlapping one JOIN overlapping other
      ON other.number = one.number AND other.endorsement <> one.endorsement
      AND other.since < one.upto AND one.since < other.upto
    WHERE one.line IS NOT NULL
  ), barred AS (
    SELECT key, min(line) AS line FROM (
      SELECT key, line FROM wrong UNION ALL SELECT key, line FROM staged WHERE NOT is_read) AS each
    GROUP BY key
  ), verdict AS (
    SELECT s.line, jsonb_agg(jsonb_build_object('field', COALESCE(w.field, 'number'), 'reason', COALESCE(
        w.reason, 'is that of a policy of which line ' || b.line || ' cannot be taken: all its lines are taken '
          || 'together')) ORDER BY w.rank) AS mistakes
    FROM staged s JOIN barred b ON b.key = s.key LEFT JOIN wrong w ON w.line = s.line
    WHERE s.is_read GROUP BY s.line
  )
  UPDATE staged_row s SET reject = v.mistakes
    FROM verdict v WHERE s.import = of_import AND s.line = v.line;

  WITH staged AS (
    SELECT s.key AS number, s.line, s.reject IS NOT NULL OR NOT s.row ? 'content' AS is_rejected,
      s.row->>'endorsement' AS endorsement, s.row->>'content' AS content
    FROM staged_row s
    WHERE s.import = of_import AND s.key >= numbers[1] AND s.key <= numbers[cardinality(numbers)]
  ), judged AS (
    SELECT s.number, CASE
        WHEN s.is_rejected THEN 'rejected'
        WHEN row_number() OVER (PARTITION BY s.number, s.endorsement, s.is_rejected ORDER BY s.line) > 1 THEN 'same'
        WHEN p.number IS NULL THEN 'added'
        WHEN p.content <> s.content THEN 'changed'
        WHEN p.import IS DISTINCT FROM of_import THEN 'same'
        WHEN EXISTS (
          SELECT FROM policy f
          WHERE f.number = p.number AND f.endorsement = p.endorsement AND f.replaced_by = of_import) THEN 'changed'
        ELSE 'added' END AS verdict
    FROM staged s LEFT JOIN policy p
      ON p.number = s.number AND p.endorsement = s.endorsement AND p.replaced_at IS NULL
  )
  SELECT jsonb_build_object(
      'last', numbers[cardinality(numbers)], 'rows', count(*),
      'added', count(*) FILTER (WHERE verdict = 'added'),
      'changed', count(*) FILTER (WHERE verdict = 'changed'),
      'same', count(*) FILTER (WHERE verdict = 'same'),
      'rejected', count(*) FILTER (WHERE verdict = 'rejected'),
      'first', jsonb_build_object(
        'added', COALESCE(jsonb_agg(number) FILTER (WHERE verdict = 'added' AND nth <= 10), '[]'),
        'changed', COALESCE(jsonb_agg(number) FILTER (WHERE verdict = 'changed' AND nth <= 10), '[]'),
        'same', COALESCE(jsonb_agg(number) FILTER (WHERE verdict = 'same' AND nth <= 10), '[]')),
      'warnings', '[]'::jsonb)
    INTO counts FROM (SELECT *, row_number() OVER (PARTITION BY verdict ORDER BY number) AS nth FROM judged) AS each;
  IF (counts->>'added')::int + (counts->>'changed')::int = 0 THEN RETURN counts; END IF;
  IF is_dry THEN
    RETURN counts || jsonb_build_object('warnings', twice_insured(of_import, numbers));
  END IF;

  UPDATE policy p SET replaced_at = at, replaced_by = of_import
    FROM staged_row s
    WHERE s.import = of_import AND s.key >= numbers[1] AND s.key <= numbers[cardinality(numbers)]
      AND s.reject IS NULL AND s.row ? 'content'
      AND p.number = s.key AND p.endorsement = s.row->>'endorsement' AND p.replaced_at IS NULL
      AND p.content <> s.row->>'content';

  WITH fresh AS (
    SELECT DISTINCT ON (s.key, r.endorsement) s.key AS number, r.*
    FROM staged_row s, jsonb_to_record(s.row) AS r(
      endorsement TEXT, line TEXT, jurisdiction TEXT, branch TEXT, currency TEXT, "validFrom" TIMESTAMPTZ,
      "validTo" TIMESTAMPTZ, objects JSONB, people JSONB, wording TEXT, special JSONB, sealed TEXT, key TEXT,
      content TEXT)
    WHERE s.import = of_import AND s.key >= numbers[1] AND s.key <= numbers[cardinality(numbers)]
      AND s.reject IS NULL AND r.content IS NOT NULL
      AND NOT EXISTS (
        SELECT FROM policy p
        WHERE p.number = s.key AND p.endorsement = r.endorsement AND p.replaced_at IS NULL)
    ORDER BY s.key, r.endorsement, s.line
  ), added AS (
    INSERT INTO policy (number, version, endorsement, line, jurisdiction, branch, currency, valid_from, valid_to,
        objects, people, wording, special, sealed, key, content, import, recorded_at)
      SELECT f.number,
        COALESCE((SELECT max(p.version) FROM policy p WHERE p.number = f.number), 0)
          + row_number() OVER (PARTITION BY f.number ORDER BY f."validFrom", f.endorsement),
        f.endorsement, f.line, f.jurisdiction, f.branch, f.currency, f."validFrom", f."validTo", f.objects,
        f.people, f.wording, f.special, f.sealed, f.key, f.content, of_import, at
      FROM fresh f
    RETURNING number, people, objects
  )
  INSERT INTO policy_mark (mark, number)
    SELECT DISTINCT mark, a.number FROM added a, policy_marks(a.people, a.objects) mark
  ON CONFLICT DO NOTHING;

  IF (counts->>'changed')::int > 0 THEN PERFORM forget_policy_marks(numbers, at); END IF;
  PERFORM inform_claims_of_policies(of_import, numbers, at);
  RETURN counts || jsonb_build_object('warnings', twice_insured(of_import, numbers));
END $$;

-- Makes the next policies of an import as they were before it, as new versions; at most so many after this
-- number. A policy that a later import has changed again, or whose former period is taken by now, stays as it is
-- and is named in `left`. Answers null when there are no more. Safe to repeat. Called by `policyBook`.
CREATE OR REPLACE FUNCTION undo_policies(of_import TEXT, undone TEXT, after TEXT, at_most INT) RETURNS JSONB
LANGUAGE plpgsql SET search_path = public, pg_temp SET enable_seqscan = off SET plan_cache_mode = force_custom_plan
AS $$
DECLARE
  at TIMESTAMPTZ(3) := clock_timestamp();
  numbers TEXT[];
  staying TEXT[];
  restored INT;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('policy-book', 0));
  SELECT array_agg(number ORDER BY number) INTO numbers FROM (
    SELECT DISTINCT p.number FROM policy p
    WHERE p.import = undone AND (after IS NULL OR p.number > after) ORDER BY p.number LIMIT at_most) AS next;
  IF numbers IS NULL THEN RETURN NULL; END IF;

  WITH version AS (
    SELECT p.* FROM policy p WHERE p.number = ANY (numbers)
  ), changed_since AS (
    SELECT number FROM version
    WHERE import = undone AND replaced_at IS NOT NULL AND replaced_by IS DISTINCT FROM of_import
  ), counting AS (
    SELECT number, valid_from, valid_to, max(valid_to) OVER (
      PARTITION BY number ORDER BY valid_from ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
    FROM version
    WHERE replaced_at IS NULL AND import IS DISTINCT FROM undone
      OR replaced_by = undone AND NOT EXISTS (
        SELECT FROM version done
        WHERE done.number = version.number AND done.endorsement = version.endorsement
          AND done.import = of_import AND done.replaced_at IS NULL)
  )
  SELECT COALESCE(array_agg(DISTINCT number), '{}') INTO staying FROM (
    SELECT number FROM changed_since UNION ALL SELECT number FROM counting WHERE before > valid_from) AS each;

  UPDATE policy p SET replaced_at = at, replaced_by = of_import
    WHERE p.number = ANY (numbers) AND p.number <> ALL (staying) AND p.import = undone AND p.replaced_at IS NULL;

  WITH fresh AS (
    SELECT former.* FROM policy former
    WHERE former.number = ANY (numbers) AND former.number <> ALL (staying) AND former.replaced_by = undone
      AND NOT EXISTS (
        SELECT FROM policy p
        WHERE p.number = former.number AND p.endorsement = former.endorsement AND p.replaced_at IS NULL)
  ), added AS (
    INSERT INTO policy (number, version, endorsement, line, jurisdiction, branch, currency, valid_from, valid_to,
        objects, people, wording, special, sealed, key, content, import, recorded_at)
      SELECT f.number,
        (SELECT max(p.version) FROM policy p WHERE p.number = f.number)
          + row_number() OVER (PARTITION BY f.number ORDER BY f.valid_from, f.endorsement),
        f.endorsement, f.line, f.jurisdiction, f.branch, f.currency, f.valid_from, f.valid_to, f.objects, f.people,
        f.wording, f.special, f.sealed, f.key, f.content, of_import, at
      FROM fresh f
    RETURNING number, people, objects
  )
  INSERT INTO policy_mark (mark, number)
    SELECT DISTINCT mark, a.number FROM added a, policy_marks(a.people, a.objects) mark
  ON CONFLICT DO NOTHING;

  PERFORM forget_policy_marks(numbers, at);
  PERFORM inform_claims_of_policies(of_import, numbers, at);
  SELECT count(*) INTO restored FROM policy p
    WHERE p.number = ANY (numbers) AND p.import = undone AND p.replaced_by = of_import;
  RETURN jsonb_build_object(
    'last', numbers[cardinality(numbers)], 'restored', restored, 'left', to_jsonb(staying));
END $$;
