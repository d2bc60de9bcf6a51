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
