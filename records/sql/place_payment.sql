-- Gives a payment its place before the bank is instructed. One lock a policy, so that two claims of one loss
-- come one after the other. `place` has the columns' names; `up_to` is the most that other claims may have
-- been paid for losses within `hours` of this one. Answers with a kind: `placed`; `other-content` where the
-- id was placed with something else; `too-much`, with the total of the other claims and their payments. What
-- the bank has returned counts no more. Called by `instructPayment`.
CREATE OR REPLACE FUNCTION place_payment(place JSONB, hours INT, up_to BIGINT)
RETURNS JSONB LANGUAGE plpgsql AS $$
DECLARE
  asked payment := jsonb_populate_record(NULL::payment, place);
  known payment;
  elsewhere BIGINT;
  payments JSONB;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('policy ' || asked.policy, 0));
  SELECT * INTO known FROM payment WHERE id = asked.id;
  IF FOUND THEN
    RETURN jsonb_build_object('kind', CASE
      WHEN (known.claim, known.item, known.account, known.amount_minor, known.currency, known.of)
        = (asked.claim, asked.item, asked.account, asked.amount_minor, asked.currency, asked.of)
      THEN 'placed' ELSE 'other-content' END);
  END IF;
  SELECT COALESCE(sum(amount_minor), 0),
    COALESCE(jsonb_agg(jsonb_build_object('id', id, 'claim', claim) ORDER BY id), '[]')
    INTO elsewhere, payments
    FROM payment
    WHERE policy = asked.policy AND claim <> asked.claim AND answer IS DISTINCT FROM 'returned'
      AND loss_at BETWEEN asked.loss_at - make_interval(hours => hours)
        AND asked.loss_at + make_interval(hours => hours);
  IF elsewhere > up_to THEN
    RETURN jsonb_build_object('kind', 'too-much', 'elsewhereMinor', elsewhere, 'payments', payments);
  END IF;
  INSERT INTO payment SELECT asked.*;
  RETURN jsonb_build_object('kind', 'placed');
END $$;
