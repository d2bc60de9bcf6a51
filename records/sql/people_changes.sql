-- The history of people and units: what they were before and after each change, by which role of the
-- database, and when. The gate reads people, so a limit that was raised for a minute stays
-- visible. Of people it has neither names nor addresses. Called by their triggers, with the rights of the
-- owner: programs write no history.
CREATE OR REPLACE FUNCTION person_changed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  hidden CONSTANT TEXT[] := ARRAY['name', 'email', 'phone', 'former'];
  former JSONB := to_jsonb(OLD) - hidden;
  present JSONB := to_jsonb(NEW) - hidden;
BEGIN
  IF former IS DISTINCT FROM present THEN
    INSERT INTO person_change (code, at, role, by, planned_at, before, after)
      VALUES (COALESCE(present->>'code', former->>'code'), clock_timestamp(), session_user,
        NULLIF(current_setting('lipei.by', TRUE), ''),
        NULLIF(current_setting('lipei.planned', TRUE), '')::timestamptz, former, present);
  END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER person_changed AFTER INSERT OR UPDATE OR DELETE ON person
  FOR EACH ROW EXECUTE FUNCTION person_changed();

CREATE OR REPLACE FUNCTION unit_changed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  former JSONB := to_jsonb(OLD) - 'former';
  present JSONB := to_jsonb(NEW) - 'former';
BEGIN
  IF former IS DISTINCT FROM present THEN
    INSERT INTO unit_change (code, at, role, by, before, after)
      VALUES (COALESCE(NEW.code, OLD.code), clock_timestamp(), session_user,
        NULLIF(current_setting('lipei.by', TRUE), ''), former, present);
  END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER unit_changed AFTER INSERT OR UPDATE OR DELETE ON unit
  FOR EACH ROW EXECUTE FUNCTION unit_changed();

-- Keeps the history as it was written, and people and policies from being deleted past it. Called by its
-- triggers, for every user of the database.
CREATE OR REPLACE FUNCTION history_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the history of people and policies is never changed'
    USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE OR REPLACE TRIGGER person_change_keep BEFORE UPDATE OR DELETE ON person_change
  FOR EACH ROW EXECUTE FUNCTION history_keep();
CREATE OR REPLACE TRIGGER person_change_keep_all BEFORE TRUNCATE ON person_change
  FOR EACH STATEMENT EXECUTE FUNCTION history_keep();
CREATE OR REPLACE TRIGGER unit_change_keep BEFORE UPDATE OR DELETE ON unit_change
  FOR EACH ROW EXECUTE FUNCTION history_keep();
CREATE OR REPLACE TRIGGER unit_change_keep_all BEFORE TRUNCATE ON unit_change
  FOR EACH STATEMENT EXECUTE FUNCTION history_keep();
CREATE OR REPLACE TRIGGER person_keep_all BEFORE TRUNCATE ON person
  FOR EACH STATEMENT EXECUTE FUNCTION history_keep();
