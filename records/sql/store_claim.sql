-- Stores what happened to a claim, in one round trip: its new entries in order, then its read model after
-- them. The claim's lock comes first, and each statement has a new snapshot, so that a writer and a rebuild
-- never see half of each other. `model` and `waits` have the columns' names. Called by `appendJournal`, and
-- with no entries by `rebuildClaim`.
CREATE OR REPLACE FUNCTION store_claim(of_claim TEXT, entries JSONB, model JSONB, waits JSONB)
RETURNS VOID LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended(of_claim, 0));
  INSERT INTO journal_entry (claim, seq, at, by, kind, entry, previous_hash, hash)
    SELECT of_claim, each.seq, each.at, each.by, each.kind, each.entry, '', ''
    FROM jsonb_to_recordset(entries) AS each (seq INT, at TIMESTAMPTZ, by TEXT, kind TEXT, entry TEXT)
    ORDER BY each.seq;
  DELETE FROM expectation WHERE claim = of_claim;
  DELETE FROM claim WHERE number = of_claim;
  INSERT INTO claim SELECT * FROM jsonb_populate_record(NULL::claim, model);
  INSERT INTO expectation SELECT * FROM jsonb_populate_recordset(NULL::expectation, waits);
END $$;
