-- Deletes the keys that were set aside for the law and whose time is over, by the database's clock: then
-- nobody can open the data of these people any more. Programs may not delete such a key by themselves. Gives
-- claim, party and time of each. With `dry_run` it only lists them. Called by `dropSetAsideKeys`.
CREATE OR REPLACE FUNCTION drop_set_aside_keys(dry_run BOOLEAN)
RETURNS TABLE (claim TEXT, party TEXT, until TIMESTAMPTZ)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF dry_run THEN
    RETURN QUERY SELECT k.claim, k.party, k.until::timestamptz
      FROM set_aside_key k WHERE k.until <= clock_timestamp() ORDER BY k.until;
  ELSE
    RETURN QUERY DELETE FROM set_aside_key k WHERE k.until <= clock_timestamp()
      RETURNING k.claim, k.party, k.until::timestamptz;
  END IF;
END $$;
