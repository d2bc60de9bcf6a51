-- The hash of a version of a policy as it is, but for its key, which is wrapped anew from time to time.
CREATE OR REPLACE FUNCTION policy_hash(p policy) RETURNS BYTEA LANGUAGE sql STABLE AS $$
  SELECT sha256(convert_to(concat_ws(E'\x1f',
    p.number, p.version, p.endorsement, p.line, p.jurisdiction, p.branch, p.currency,
    EXTRACT(EPOCH FROM p.valid_from), EXTRACT(EPOCH FROM p.valid_to), p.objects, p.people,
    COALESCE(p.wording, '-'), p.special, COALESCE(p.sealed, '-'), p.content, COALESCE(p.import, '-'),
    EXTRACT(EPOCH FROM p.recorded_at), COALESCE(EXTRACT(EPOCH FROM p.replaced_at), 0),
    COALESCE(p.replaced_by, '-')), 'UTF8'))
$$;

-- The history of policies: when each version came, was replaced, and was deleted after its time, by which role
-- of the database, and its hash then. Claims are paid by policies, so a version that somebody changes past the
-- triggers stays visible. Called by the triggers of `policy`, with the rights of the owner: programs write no
-- history.
CREATE OR REPLACE FUNCTION policy_changed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO policy_change (number, version, what, at, role, hash)
      SELECT p.number, p.version, 'added', clock_timestamp(), session_user, policy_hash(p::policy) FROM present p;
  ELSIF TG_OP = 'UPDATE' THEN
    INSERT INTO policy_change (number, version, what, at, role, hash)
      SELECT p.number, p.version, 'replaced', clock_timestamp(), session_user, policy_hash(p::policy)
      FROM present p JOIN former f ON f.number = p.number AND f.version = p.version
      WHERE f.replaced_at IS DISTINCT FROM p.replaced_at;
  ELSE
    INSERT INTO policy_change (number, version, what, at, role, hash)
      SELECT f.number, f.version, 'retired', clock_timestamp(), session_user, policy_hash(f::policy) FROM former f;
  END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER policy_added AFTER INSERT ON policy REFERENCING NEW TABLE AS present
  FOR EACH STATEMENT EXECUTE FUNCTION policy_changed();
CREATE OR REPLACE TRIGGER policy_replaced AFTER UPDATE ON policy
  REFERENCING OLD TABLE AS former NEW TABLE AS present
  FOR EACH STATEMENT EXECUTE FUNCTION policy_changed();
CREATE OR REPLACE TRIGGER policy_retired AFTER DELETE ON policy REFERENCING OLD TABLE AS former
  FOR EACH STATEMENT EXECUTE FUNCTION policy_changed();

-- Keeps a version of a policy as it came. It can be replaced, once, and its key can be wrapped anew. Only
-- `retire_rows` deletes one, after its time. Called by its triggers, for every user of the database.
CREATE OR REPLACE FUNCTION policy_keep() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  kept CONSTANT TEXT[] := ARRAY['key', 'replaced_at', 'replaced_by'];
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF to_jsonb(OLD) - kept = to_jsonb(NEW) - kept AND (OLD.key IS NULL) = (NEW.key IS NULL)
      AND (OLD.replaced_at IS NULL OR (OLD.replaced_at, OLD.replaced_by) IS NOT DISTINCT FROM
        (NEW.replaced_at, NEW.replaced_by))
    THEN
      RETURN NEW;
    END IF;
  ELSIF TG_OP = 'DELETE' THEN
    IF current_setting('lipei.retires', TRUE) = 'policies' AND OLD.valid_to < clock_timestamp() - INTERVAL '5 years'
    THEN
      RETURN OLD;
    END IF;
  END IF;
  RAISE EXCEPTION 'a version of a policy is never changed: a correction is a new version'
    USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE OR REPLACE TRIGGER policy_keep BEFORE UPDATE OR DELETE ON policy
  FOR EACH ROW EXECUTE FUNCTION policy_keep();
CREATE OR REPLACE TRIGGER policy_keep_all BEFORE TRUNCATE ON policy
  FOR EACH STATEMENT EXECUTE FUNCTION policy_keep();
CREATE OR REPLACE TRIGGER policy_change_keep BEFORE UPDATE OR DELETE ON policy_change
  FOR EACH ROW EXECUTE FUNCTION history_keep();
CREATE OR REPLACE TRIGGER policy_change_keep_all BEFORE TRUNCATE ON policy_change
  FOR EACH STATEMENT EXECUTE FUNCTION history_keep();
