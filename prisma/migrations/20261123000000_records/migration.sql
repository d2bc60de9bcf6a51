-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateTable
CREATE TABLE "person" (
    "code" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "roles" TEXT[],
    "branch" TEXT NOT NULL,
    "limits" JSONB NOT NULL,
    "conflicts" TEXT[],
    "active" BOOLEAN NOT NULL DEFAULT true,

    CONSTRAINT "person_pkey" PRIMARY KEY ("code")
);

-- CreateTable
CREATE TABLE "policy" (
    "number" TEXT NOT NULL,
    "line" TEXT NOT NULL,
    "jurisdiction" TEXT NOT NULL,
    "branch" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "valid_from" TIMESTAMPTZ(3) NOT NULL,
    "valid_to" TIMESTAMPTZ(3) NOT NULL,
    "objects" JSONB NOT NULL,

    CONSTRAINT "policy_pkey" PRIMARY KEY ("number")
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
    "currency" TEXT NOT NULL,
    "opened_at" TIMESTAMPTZ(3) NOT NULL,
    "next_at" TIMESTAMPTZ(3),
    "waiting_since" TIMESTAMPTZ(3),
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

    CONSTRAINT "notification_pkey" PRIMARY KEY ("claim","kind","seq","channel")
);

-- CreateTable
CREATE TABLE "attachment" (
    "sha256" TEXT NOT NULL,
    "claim" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "size" INTEGER NOT NULL,
    "document" TEXT NOT NULL,
    "item" TEXT,
    "by" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "attachment_pkey" PRIMARY KEY ("claim","sha256","document")
);

-- CreateTable
CREATE TABLE "revoked_token" (
    "id" TEXT NOT NULL,
    "by" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "revoked_token_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "notice_source_reference_key" ON "notice"("source", "reference");

-- CreateIndex
CREATE INDEX "note_claim_idx" ON "note"("claim");

-- CreateIndex
CREATE INDEX "claim_outcome_waiting_since_idx" ON "claim"("outcome", "waiting_since");

-- CreateIndex
CREATE INDEX "claim_outcome_next_at_idx" ON "claim"("outcome", "next_at");

-- CreateIndex
CREATE INDEX "claim_handler_outcome_idx" ON "claim"("handler", "outcome");

-- CreateIndex
CREATE INDEX "expectation_from_since_idx" ON "expectation"("from", "since");

-- CreateIndex
CREATE UNIQUE INDEX "notification_reference_key" ON "notification"("reference");

-- CreateIndex
CREATE INDEX "notification_state_idx" ON "notification"("state");

-- CreateIndex
CREATE UNIQUE INDEX "notification_channel_provider_id_key" ON "notification"("channel", "provider_id");

-- AddForeignKey
ALTER TABLE "expectation" ADD CONSTRAINT "expectation_claim_fkey" FOREIGN KEY ("claim") REFERENCES "claim"("number") ON DELETE CASCADE ON UPDATE CASCADE;


-- The journal is append-only: one writer per claim numbers its entries, and the database takes entry n+1 only after n. Each hash
-- covers the one before, so that a changed or lost line shows. The previous hash is read under the claim's lock, never sent.
CREATE FUNCTION journal_entry_append() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  tail RECORD;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended(NEW.claim, 0));
  SELECT seq, hash INTO tail FROM journal_entry WHERE claim = NEW.claim ORDER BY seq DESC LIMIT 1;
  IF NEW.seq <> COALESCE(tail.seq, 0) + 1 THEN
    RAISE EXCEPTION 'journal of %: entry % cannot follow %', NEW.claim, NEW.seq, COALESCE(tail.seq, 0) USING ERRCODE = 'check_violation';
  END IF;
  NEW.previous_hash := COALESCE(tail.hash, '');
  NEW.hash := encode(sha256(convert_to(NEW.previous_hash || E'\n' || NEW.entry, 'UTF8')), 'hex');
  RETURN NEW;
END $$;

CREATE TRIGGER journal_entry_append BEFORE INSERT ON journal_entry FOR EACH ROW EXECUTE FUNCTION journal_entry_append();

CREATE FUNCTION journal_entry_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the journal is never changed' USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER journal_entry_keep BEFORE UPDATE OR DELETE ON journal_entry FOR EACH ROW EXECUTE FUNCTION journal_entry_keep();
CREATE TRIGGER journal_entry_keep_all BEFORE TRUNCATE ON journal_entry FOR EACH STATEMENT EXECUTE FUNCTION journal_entry_keep();
