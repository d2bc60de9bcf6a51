-- The ledger, complete: why a message is told, what about, to which contact (keyed hash), not before when; and beside it what is
-- known of contacts, and what comes in. Workers of the release before go on writing rows without the new columns.
ALTER TABLE "notification"
  ADD COLUMN "purpose" TEXT NOT NULL DEFAULT '',
  ADD COLUMN "facts" JSONB,
  ADD COLUMN "contact" TEXT,
  ADD COLUMN "not_before" TIMESTAMPTZ(3),
  ADD COLUMN "taken_at" TIMESTAMPTZ(3);

CREATE INDEX "notification_contact_channel_taken_at_idx" ON "notification"("contact", "channel", "taken_at");

-- Append-only: the latest line of a contact and channel holds.
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
CREATE INDEX "contact_event_contact_channel_id_idx" ON "contact_event"("contact", "channel", "id");

-- What providers and customers send us, kept before anybody is told of it.
CREATE TABLE "inbox" (
    "id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "claim" TEXT,
    "message" JSONB,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "told_at" TIMESTAMPTZ(3),

    CONSTRAINT "inbox_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "inbox_untold" ON "inbox"("at") WHERE "told_at" IS NULL;

-- Plans, and takes to send, the messages of one moment, in one round trip. `messages` have the columns' names; one that is only a
-- `reference` is in the ledger already. Whoever may not hear it, or not yet, is left out in the very transaction that would take the
-- lease: nothing is sent after an opt-out was kept. Leases run by the database's clock, everything else by the claim's (`of_now`).
-- Answers each message's `outcome`: `ours` (with what was pinned, if it was there before), `waits` (until), or `kept` (its state).
CREATE FUNCTION lease_messages(messages JSONB, of_now TIMESTAMPTZ, lease_seconds INT, sms_a_day INT, hours_between_chases INT) RETURNS JSONB LANGUAGE plpgsql AS $$
DECLARE
  given JSONB;
  found notification;
  standing TEXT;
  waits TIMESTAMPTZ;
  turned_down TEXT;
  answers JSONB := '[]';
BEGIN
  FOR given IN SELECT each FROM jsonb_array_elements(messages) AS each ORDER BY each->>'contact', each->>'reference' LOOP
    -- Two claims that write to one person at once are counted one after the other.
    IF given->>'contact' IS NOT NULL AND (sms_a_day IS NOT NULL OR hours_between_chases IS NOT NULL) THEN
      PERFORM pg_advisory_xact_lock(hashtextextended(given->>'contact', 1));
    END IF;
    IF given ? 'sealed' THEN
      INSERT INTO notification (claim, kind, seq, channel, reference, recipient, template, locale, sealed, body_sha256, state, attempt, planned_at, purpose, facts, contact)
        SELECT claim, kind, seq, channel, reference, recipient, template, locale, sealed, body_sha256, 'planned', 0, of_now, purpose, facts, contact
        FROM jsonb_populate_record(NULL::notification, given)
        ON CONFLICT DO NOTHING;
    END IF;
    SELECT * INTO STRICT found FROM notification n WHERE n.reference = given->>'reference' FOR UPDATE;

    IF found.state NOT IN ('planned', 'retryable') THEN
      answers := answers || jsonb_build_object('reference', found.reference, 'outcome', 'kept', 'state', found.state, 'code', found.error_code, 'runs', found.lease_until > clock_timestamp());
      CONTINUE;
    END IF;

    SELECT e.kind INTO standing FROM contact_event e WHERE e.contact = found.contact AND e.channel = found.channel ORDER BY e.id DESC LIMIT 1;
    -- Whoever does not want our emails still gets those that we must send; whoever answers STOP gets no text at all.
    IF standing IN ('opted-out', 'unusable') OR (standing = 'unsubscribed' AND found.purpose IN ('chase', 'progress')) THEN
      UPDATE notification n SET state = 'suppressed', error_code = standing, at = clock_timestamp() WHERE n.reference = found.reference;
      answers := answers || jsonb_build_object('reference', found.reference, 'outcome', 'kept', 'state', 'suppressed', 'code', standing);
      CONTINUE;
    END IF;

    -- Enough texts for one day: another channel says it. Chased a moment ago, by another claim's clock or a late rung: once is enough.
    turned_down := CASE
      WHEN found.channel = 'sms' AND found.purpose IN ('chase', 'progress') AND (
        SELECT count(*) FROM notification n WHERE n.contact = found.contact AND n.channel = 'sms' AND n.taken_at > of_now - INTERVAL '24 hours' AND n.reference <> found.reference) >= sms_a_day THEN 'enough-today'
      WHEN found.purpose = 'chase' AND EXISTS (
        SELECT 1 FROM notification n WHERE n.contact = found.contact AND n.channel = found.channel AND n.purpose = 'chase' AND n.claim = found.claim AND n.reference <> found.reference
          AND n.taken_at > of_now - make_interval(hours => hours_between_chases)) THEN 'chased-just-now'
      END;
    IF turned_down IS NOT NULL THEN
      UPDATE notification n SET state = 'suppressed', error_code = turned_down, at = clock_timestamp() WHERE n.reference = found.reference;
      answers := answers || jsonb_build_object('reference', found.reference, 'outcome', 'kept', 'state', 'suppressed', 'code', turned_down);
      CONTINUE;
    END IF;

    waits := (given->>'not_before')::TIMESTAMPTZ;
    IF waits > of_now THEN
      UPDATE notification n SET not_before = waits WHERE n.reference = found.reference;
      answers := answers || jsonb_build_object('reference', found.reference, 'outcome', 'waits', 'until', to_char(waits AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'));
      CONTINUE;
    END IF;

    UPDATE notification n SET state = 'sending', attempt = n.attempt + 1, lease_until = clock_timestamp() + make_interval(secs => lease_seconds), taken_at = of_now, at = clock_timestamp() WHERE n.reference = found.reference;
    answers := answers || jsonb_build_object('reference', found.reference, 'outcome', 'ours', 'sealed', CASE WHEN found.attempt > 0 OR NOT given ? 'sealed' THEN found.sealed END);
  END LOOP;
  RETURN answers;
END $$;

-- A receipt, in one round trip: the message moves on as its state allows, and what its claim is to be told of that (`of_message`)
-- is kept under the sender's own id. Answers whether it moved; null for a message that is not in the ledger.
CREATE FUNCTION keep_receipt(of_id TEXT, of_reference TEXT, to_state TEXT, from_states TEXT[], of_provider_id TEXT, of_code TEXT, of_message JSONB) RETURNS BOOLEAN LANGUAGE plpgsql AS $$
DECLARE
  of_claim TEXT;
  moved INT;
BEGIN
  SELECT n.claim INTO of_claim FROM notification n WHERE n.reference = of_reference;
  IF of_claim IS NULL THEN RETURN NULL; END IF;
  UPDATE notification n SET state = to_state, at = clock_timestamp(), lease_until = NULL, error_code = of_code, provider_id = COALESCE(n.provider_id, of_provider_id)
    WHERE n.reference = of_reference AND n.state = ANY(from_states);
  GET DIAGNOSTICS moved = ROW_COUNT;
  IF moved > 0 AND of_message IS NOT NULL THEN
    INSERT INTO inbox (id, kind, claim, message) VALUES (of_id, 'receipt', of_claim, of_message) ON CONFLICT DO NOTHING;
  END IF;
  RETURN moved > 0;
END $$;

-- Texts that were taken and of which nothing was heard since.
CREATE INDEX "notification_without_receipt" ON "notification"("at") WHERE "channel" = 'sms' AND "state" = 'accepted';
