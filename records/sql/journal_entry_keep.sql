-- Keeps the journal as it was written: no entry can be changed or deleted. Called by its triggers, for every
-- user of the database.
CREATE OR REPLACE FUNCTION journal_entry_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the journal is never changed' USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE OR REPLACE TRIGGER journal_entry_keep BEFORE UPDATE OR DELETE ON journal_entry
  FOR EACH ROW EXECUTE FUNCTION journal_entry_keep();
CREATE OR REPLACE TRIGGER journal_entry_keep_all BEFORE TRUNCATE ON journal_entry
  FOR EACH STATEMENT EXECUTE FUNCTION journal_entry_keep();
