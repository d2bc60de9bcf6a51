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
