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
