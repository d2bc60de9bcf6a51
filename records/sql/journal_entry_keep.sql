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
