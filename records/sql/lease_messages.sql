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
