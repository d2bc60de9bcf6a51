-- Deletes the words of an act that was denied. A note that the journal of its claim names stays for ever.
-- Runs with the rights of the owner, because programs delete no notes. Called by `forgetNote`.
CREATE OR REPLACE FUNCTION forget_note(of_id TEXT) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  DELETE FROM note n
  WHERE n.id = of_id
    AND NOT EXISTS (
      SELECT FROM journal_entry j WHERE j.claim = n.claim AND strpos(j.entry, '"' || of_id || '"') > 0)
$$;
