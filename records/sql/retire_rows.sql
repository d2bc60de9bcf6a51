-- Deletes rows of a class that are older than `before`, at most so many, and says how many it deleted. What is
-- still needed stays, however old it is. It runs with the rights of the tables' owner, because programs may not
-- delete these rows; so it has the least age of each class in itself. The business may keep them longer
-- (`config/retention.json`). Called by `retireRows`.
CREATE OR REPLACE FUNCTION retire_rows(of_class TEXT, before TIMESTAMPTZ, at_most INT) RETURNS INT
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  least INTERVAL := CASE of_class
    WHEN 'inbox' THEN INTERVAL '3 months'
    WHEN 'looks' THEN INTERVAL '3 years'
    WHEN 'staffMail' THEN INTERVAL '3 months'
    WHEN 'revokedTokens' THEN INTERVAL '13 months'
    WHEN 'unknownTelephones' THEN INTERVAL '1 month'
    WHEN 'setAsideKeys' THEN INTERVAL '0'
    WHEN 'policies' THEN INTERVAL '5 years' END;
  numbers TEXT[];
  gone INT;
BEGIN
  IF least IS NULL THEN
    RAISE EXCEPTION 'there is no class % to delete', of_class USING ERRCODE = 'invalid_parameter_value';
  END IF;
  IF before > clock_timestamp() - least THEN
    RAISE EXCEPTION 'rows of % are kept for %', of_class, least USING ERRCODE = 'insufficient_privilege';
  END IF;
  CASE of_class
    WHEN 'inbox' THEN
      DELETE FROM inbox WHERE id IN (SELECT id FROM retirable_inbox(before) LIMIT at_most);
    WHEN 'looks' THEN
      DELETE FROM personal_look WHERE id IN (SELECT id FROM retirable_looks(before) LIMIT at_most);
    WHEN 'staffMail' THEN
      DELETE FROM staff_notification
        WHERE reference IN (SELECT id FROM retirable_staff_mail(before) LIMIT at_most);
    WHEN 'revokedTokens' THEN
      DELETE FROM revoked_token WHERE id IN (SELECT id FROM retirable_revoked_tokens(before) LIMIT at_most);
    WHEN 'setAsideKeys' THEN
      DELETE FROM set_aside_key k
        WHERE k.claim || '/' || k.party IN (SELECT id FROM retirable_set_aside_keys(before) LIMIT at_most);
    WHEN 'policies' THEN
      SELECT array_agg(id) INTO numbers FROM (SELECT id FROM retirable_policies(before) LIMIT at_most) AS next;
      DELETE FROM policy_mark m USING (
        SELECT p.number, mark FROM policy p, policy_marks(p.people, p.objects) mark WHERE p.number = ANY (numbers)
      ) AS own WHERE m.mark = own.mark AND m.number = own.number;
      PERFORM set_config('lipei.retires', 'policies', TRUE);
      DELETE FROM policy WHERE number = ANY (numbers);
      PERFORM set_config('lipei.retires', '', TRUE);
      RETURN COALESCE(cardinality(numbers), 0);
    WHEN 'unknownTelephones' THEN
      WITH telephone AS (
        DELETE FROM party
          WHERE claim = 'NO-CLAIM' AND id IN (SELECT id FROM retirable_telephones(before) LIMIT at_most)
          RETURNING id)
      DELETE FROM note USING telephone WHERE note.claim = 'NO-CLAIM' AND note.party = telephone.id;
  END CASE;
  GET DIAGNOSTICS gone = ROW_COUNT;
  RETURN gone;
END $$;

REVOKE EXECUTE ON FUNCTION retire_rows(TEXT, TIMESTAMPTZ, INT) FROM PUBLIC;
