-- Deletes the texts of an unknown telephone that was erased. Runs with the rights of the owner, because programs
-- delete no notes. Called by `eraseParty`.
CREATE OR REPLACE FUNCTION forget_texts(of_telephone TEXT) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  DELETE FROM note n USING party p
  WHERE n.claim = 'NO-CLAIM' AND n.party = of_telephone
    AND p.claim = n.claim AND p.id = n.party AND p.key = ''
$$;
