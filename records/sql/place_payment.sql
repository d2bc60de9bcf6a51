-- Gives a payment its place before the bank is instructed. One lock for each mark of the claim and of its
-- payee, in order, so that two payments that belong together come one after the other. `place` has the
-- columns' names; `ties` are those of `related_claims`; `elsewhere` is its answer that the payment rests on;
-- `a_day` is the most that the rules release in 24 hours for one account, person or policy; under a policy
-- that covers many people, for the claims of the same person instead of the policy. Answers with a kind: `placed`; `other-content` where the id was placed with something else; `news`, with what the records
-- know elsewhere now; `daily-amount`. What the bank has returned counts no more. Called by
-- `instructPayment`.
CREATE OR REPLACE FUNCTION place_payment(place JSONB, ties JSONB, elsewhere JSONB, a_day BIGINT)
RETURNS JSONB LANGUAGE plpgsql AS $$
DECLARE
  asked payment := jsonb_populate_record(NULL::payment, place);
  known payment;
  present JSONB;
  lock_on TEXT;
  released BIGINT;
BEGIN
  FOR lock_on IN
    SELECT DISTINCT name FROM (
      SELECT jsonb_array_elements_text(ties->'marks') AS name
      UNION ALL SELECT 'claim ' || jsonb_array_elements_text(ties->'joined')
      UNION ALL SELECT unnest(asked.people || ARRAY['claim ' || asked.claim, 'account ' || asked.account])
    ) AS names ORDER BY name
  LOOP
    PERFORM pg_advisory_xact_lock(hashtextextended('pays ' || lock_on, 0));
  END LOOP;
  SELECT * INTO known FROM payment WHERE id = asked.id;
  IF FOUND THEN
    RETURN jsonb_build_object('kind', CASE
      WHEN (known.claim, known.item, known.account, known.amount_minor, known.currency, known.of)
        = (asked.claim, asked.item, asked.account, asked.amount_minor, asked.currency, asked.of)
      THEN 'placed' ELSE 'other-content' END);
  END IF;
  present := related_claims(asked.claim, ties);
  IF present <> elsewhere THEN
    RETURN jsonb_build_object('kind', 'news', 'elsewhere', present);
  END IF;
  IF asked.by_rules THEN
    SELECT GREATEST(
        sum(amount_minor) FILTER (WHERE account = asked.account),
        sum(amount_minor) FILTER (WHERE policy = asked.policy AND ties->'hours' ? 'policy'),
        sum(amount_minor) FILTER (WHERE claim IN (
          SELECT m.claim FROM claim_mark m
          WHERE m.mark LIKE 'person:%'
            AND m.mark IN (SELECT jsonb_array_elements_text(ties->'marks')))),
        sum(amount_minor) FILTER (WHERE people && asked.people))
      INTO released
      FROM payment
      WHERE by_rules AND placed_at > asked.placed_at - INTERVAL '24 hours'
        AND currency = asked.currency AND answer IS DISTINCT FROM 'returned';
    IF COALESCE(released, 0) + asked.amount_minor > a_day THEN
      RETURN jsonb_build_object('kind', 'daily-amount');
    END IF;
  END IF;
  INSERT INTO payment SELECT asked.*;
  RETURN jsonb_build_object('kind', 'placed');
END $$;
