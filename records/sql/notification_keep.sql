-- Keeps the text of a message and its address as they were written. Two changes are allowed: a message that
-- nobody has tried to send goes to the new contact of its party, and the key in front of a text is wrapped
-- anew; the text behind it stays. Called by its trigger, for every user of the database.
CREATE OR REPLACE FUNCTION notification_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state IN ('planned', 'retryable') AND NEW.state = OLD.state THEN RETURN NEW; END IF;
  IF NEW.contact IS NOT DISTINCT FROM OLD.contact
    AND split_part(NEW.sealed, E'\n', 2) = split_part(OLD.sealed, E'\n', 2)
  THEN RETURN NEW; END IF;
  RAISE EXCEPTION 'the text of % and its address are never changed', OLD.reference
    USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE OR REPLACE TRIGGER notification_keep BEFORE UPDATE OF sealed, contact ON notification
  FOR EACH ROW EXECUTE FUNCTION notification_keep();
